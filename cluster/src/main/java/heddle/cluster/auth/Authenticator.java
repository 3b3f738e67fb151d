package heddle.cluster.auth;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** Turns credentials into a user. */
public interface Authenticator {

  /**
   * @param bearerToken value of the Authorization header without {@code Bearer}, or null
   * @param certificate the verified client certificate, or null
   * @return the user; {@code system:anonymous} without credentials
   * @throws heddle.cluster.object.ApiException 401 when credentials are given and wrong
   */
  User authenticate(@Nullable String bearerToken, @Nullable X509Certificate certificate);
}

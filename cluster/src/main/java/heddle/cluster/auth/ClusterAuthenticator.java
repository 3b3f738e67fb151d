package heddle.cluster.auth;

import heddle.ca.Subject;
import heddle.cluster.object.ApiException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows users by the cluster's own client certificates (common name and organizations) and by
 * service account tokens. A certificate without a common name, such as a workload's, is nobody.
 */
public final class ClusterAuthenticator implements Authenticator {
  private final ServiceAccountTokens tokens;

  public ClusterAuthenticator(ServiceAccountTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public User authenticate(@Nullable String bearerToken, @Nullable X509Certificate certificate) {
    if (certificate != null) {
      Subject subject = Subject.of(certificate);
      if (!subject.commonName().isEmpty()) {
        return of(subject);
      }
    }
    if (bearerToken != null && !bearerToken.isBlank()) {
      try {
        return tokens.verify(bearerToken.trim(), List.of()).user();
      } catch (InvalidTokenException e) {
        throw unauthorized();
      }
    }
    if (certificate != null) {
      throw unauthorized();
    }
    return User.anonymous();
  }

  private static User of(Subject subject) {
    var groups = new LinkedHashSet<>(subject.organizations());
    groups.add(User.AUTHENTICATED);
    return new User(subject.commonName(), "", new ArrayList<>(groups), Map.of());
  }

  private static ApiException unauthorized() {
    return new ApiException(401, "Unauthorized", "Unauthorized");
  }
}

package heddle.ca;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A private key and its certificate.
 *
 * @param chain the certificate of the key first, then those that issued it, the root left out
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  public Identity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("an identity without a certificate");
    }
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** The chain as PEM: {@code tls.crt}, {@code client-certificate-data}. */
  public String certificatePem() {
    return Pem.of(chain);
  }

  /** The key as PEM (SEC 1): {@code tls.key}, {@code client-key-data}. */
  public String keyPem() {
    return Pem.ofEc(key);
  }

  /** An in-memory key store with this identity alone, under the alias {@code identity}. */
  public KeyStore keyStore(char[] password) {
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry("identity", key, password, chain.toArray(X509Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot build a key store: " + e.getMessage(), e);
    }
  }

  /** Present this identity; for servers and clients that build their own contexts. */
  public KeyManager[] keyManagers() {
    try {
      char[] password = {};
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keyStore(password), password);
      return keys.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot build key managers: " + e.getMessage(), e);
    }
  }

  /**
   * A context that presents this identity and trusts peers that {@code authorities} issued. A
   * server asks for client certificates by its own parameters ({@code setWantClientAuth}).
   */
  public SSLContext context(List<X509Certificate> authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(), trust(authorities).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot build a TLS context: " + e.getMessage(), e);
    }
  }

  /** A context for a client without a certificate that trusts what {@code authorities} issued. */
  public static SSLContext clientContext(List<X509Certificate> authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust(authorities).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot build a TLS context: " + e.getMessage(), e);
    }
  }

  private static TrustManagerFactory trust(List<X509Certificate> authorities)
      throws GeneralSecurityException {
    try {
      KeyStore store = emptyStore();
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust;
    } catch (IOException e) {
      throw new GeneralSecurityException("cannot make an empty key store", e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    // Never leaves memory: PKCS12 would derive a key from the password, slowly, to protect it
    // there.
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    return store;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Identity[" + certificate().getSubjectX500Principal() + "]";
  }
}

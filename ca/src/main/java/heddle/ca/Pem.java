package heddle.ca;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;

/** Certificates and keys as PEM text (RFC 7468): what kubeconfigs, Secrets and caBundles carry. */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /** One {@code CERTIFICATE} block. */
  public static String of(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a certificate that cannot be encoded: " + e, e);
    }
  }

  /** One {@code CERTIFICATE} block per certificate, in order. */
  public static String of(List<X509Certificate> chain) {
    var text = new StringBuilder();
    chain.forEach(certificate -> text.append(of(certificate)));
    return text.toString();
  }

  /** A {@code PRIVATE KEY} block (PKCS #8). */
  public static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /**
   * An {@code EC PRIVATE KEY} block (SEC 1). Clients of Kubernetes that guess the algorithm from
   * the block's name (fabric8) read elliptic-curve keys in no other form.
   */
  public static String ofEc(PrivateKey key) {
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
      ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
      int bits = ((ECKey) key).getParams().getOrder().bitLength();
      ECPrivateKey named =
          new ECPrivateKey(bits, bare.getKey(), info.getPrivateKeyAlgorithm().getParameters());
      return block("EC PRIVATE KEY", named.getEncoded());
    } catch (IOException e) {
      throw new IllegalArgumentException("a key that cannot be encoded: " + e, e);
    }
  }

  /**
   * Every certificate of a text, in order; other blocks are passed over.
   *
   * @throws IllegalArgumentException when there is none, or one cannot be read
   */
  public static List<X509Certificate> certificates(String text) {
    var found = new ArrayList<X509Certificate>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      if (block.group(1).equals("CERTIFICATE")) {
        found.add(certificate(Base64.getMimeDecoder().decode(block.group(2))));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no certificate in the PEM text (expected: at least one BEGIN CERTIFICATE block)");
    }
    return found;
  }

  /**
   * The elliptic-curve key of a PKCS #8 text.
   *
   * @throws IllegalArgumentException when the text has no such key
   */
  public static PrivateKey ecKey(String text) {
    byte[] der = first(text, "PRIVATE KEY");
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "an unreadable private key (expected: PKCS #8, elliptic curve)", e);
    }
  }

  /** A {@code PUBLIC KEY} block (SubjectPublicKeyInfo). */
  public static String of(PublicKey key) {
    return block("PUBLIC KEY", key.getEncoded());
  }

  /**
   * The elliptic-curve key of a {@code PUBLIC KEY} block.
   *
   * @throws IllegalArgumentException when the text has no such key
   */
  public static PublicKey publicKey(String text) {
    byte[] der = first(text, "PUBLIC KEY");
    try {
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("an unreadable public key (expected: elliptic curve)", e);
    }
  }

  private static byte[] first(String text, String name) {
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      if (block.group(1).equals(name)) {
        return Base64.getMimeDecoder().decode(block.group(2));
      }
    }
    throw new IllegalArgumentException("no key in the PEM text (expected: BEGIN " + name + ")");
  }

  private static X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("an unreadable certificate: " + e.getMessage(), e);
    }
  }

  private static String block(String name, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(name, LINES.encodeToString(der), name);
  }
}

package heddle.ca;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * One cluster's root of trust: a self-signed certificate and its key (elliptic curve P-256), kept
 * in a directory that only its owner can read, and what it issues.
 *
 * <p>Issuing takes about a millisecond and writes nothing to disk. Safe for use by many threads.
 */
public final class CertificateAuthority {
  private static final Duration ROOT_LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofDays(365);

  /** Certificates are valid from a little before now, for peers whose clock is behind. */
  private static final Duration BACKDATE = Duration.ofMinutes(5);

  private final X509Certificate certificate;
  private final KeyPair keys;
  private final KeyPair tokenKeys;
  private final InstantSource clock;
  private final SecureRandom random;

  private CertificateAuthority(
      X509Certificate certificate,
      KeyPair keys,
      KeyPair tokenKeys,
      InstantSource clock,
      SecureRandom random) {
    this.certificate = certificate;
    this.keys = keys;
    this.tokenKeys = tokenKeys;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Opens the authority kept in a directory, or makes a new one there.
   *
   * @throws UncheckedIOException when the directory cannot be read or written
   * @throws IllegalStateException when what is there is damaged or has expired
   */
  public static CertificateAuthority open(Path directory, InstantSource clock) {
    var random = new SecureRandom();
    var files = new AuthorityFiles(directory, random);
    try {
      files.prepare();
      KeyPair keys = files.keyPair("ca");
      KeyPair tokenKeys = files.keyPair("sa");
      X509Certificate root =
          files.certificate("ca.crt", keys.getPublic(), () -> selfSigned(keys, clock, random));
      if (root.getNotAfter().toInstant().isBefore(clock.instant())) {
        throw new IllegalStateException(
            "the certificate authority in %s expired at %s; remove the directory to make a new one"
                .formatted(directory, root.getNotAfter().toInstant()));
      }
      return new CertificateAuthority(root, keys, tokenKeys, clock, random);
    } catch (IOException e) {
      throw new UncheckedIOException("certificate authority in " + directory, e);
    }
  }

  /** The root certificate: {@code ca.crt}, {@code certificate-authority-data}, a caBundle. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The root certificate as PEM. */
  public String certificatePem() {
    return Pem.of(certificate);
  }

  /** Signs service account tokens with ES256. Never used for certificates. */
  public KeyPair tokenKeys() {
    return tokenKeys;
  }

  /**
   * A certificate for a server.
   *
   * @param names DNS names; the first is also the common name
   * @param addresses IP addresses
   */
  public Identity issueServer(Collection<String> names, Collection<InetAddress> addresses) {
    if (names.isEmpty() && addresses.isEmpty()) {
      throw new IllegalArgumentException("a server certificate needs a name or an address");
    }
    var alternatives = new ArrayList<GeneralName>();
    names.forEach(name -> alternatives.add(new GeneralName(GeneralName.dNSName, name)));
    addresses.forEach(
        address ->
            alternatives.add(new GeneralName(GeneralName.iPAddress, address.getHostAddress())));
    String commonName =
        names.isEmpty() ? addresses.iterator().next().getHostAddress() : names.iterator().next();
    // A common name has at most 64 characters (RFC 5280); the alternative names are what counts.
    X500Name subject =
        commonName.length() > 64 ? subject("server", List.of()) : subject(commonName, List.of());
    return issue(subject, alternatives, false, KeyPurposeId.id_kp_serverAuth);
  }

  /**
   * A certificate with which a client is {@code user} to the API server.
   *
   * @param groups such as {@code system:masters}
   */
  public Identity issueClient(String user, Collection<String> groups) {
    return issue(subject(user, groups), List.of(), false, KeyPurposeId.id_kp_clientAuth);
  }

  /**
   * A workload's certificate (an X.509-SVID): the id is its only name. The API server knows nobody
   * by such a certificate.
   *
   * @param id such as {@code spiffe://cluster.local/ns/default/sa/front}
   */
  public Identity issueWorkload(URI id) {
    if (!"spiffe".equals(id.getScheme())) {
      throw new IllegalArgumentException(id + " (expected: a spiffe:// id)");
    }
    return issue(
        new X500Name(new org.bouncycastle.asn1.x500.RDN[0]),
        List.of(new GeneralName(GeneralName.uniformResourceIdentifier, id.toString())),
        true,
        KeyPurposeId.id_kp_serverAuth,
        KeyPurposeId.id_kp_clientAuth);
  }

  private Identity issue(
      X500Name subject,
      List<GeneralName> alternatives,
      boolean alternativesCritical,
      KeyPurposeId... purposes) {
    try {
      KeyPair pair = AuthorityFiles.generate(random);
      Instant now = clock.instant();
      Instant end = now.plus(LEAF_LIFE);
      Instant last = certificate.getNotAfter().toInstant();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
              serial(random),
              Date.from(now.minus(BACKDATE)),
              Date.from(end.isAfter(last) ? last : end),
              subject,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
      var names = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          names.createAuthorityKeyIdentifier(certificate.getPublicKey()));
      if (!alternatives.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            alternativesCritical,
            new GeneralNames(alternatives.toArray(GeneralName[]::new)));
      }
      return new Identity(pair.getPrivate(), List.of(sign(builder, keys)));
    } catch (GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException("cannot issue a certificate for " + subject, e);
    }
  }

  private static X509Certificate selfSigned(
      KeyPair keys, InstantSource clock, SecureRandom random) {
    try {
      Instant now = clock.instant();
      X500Name name = subject("heddle-ca", List.of());
      PublicKey key = keys.getPublic();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial(random),
              Date.from(now.minus(BACKDATE)),
              Date.from(now.plus(ROOT_LIFE)),
              name,
              key);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
      return sign(builder, keys);
    } catch (GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException("cannot make a root certificate", e);
    }
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair keys)
      throws GeneralSecurityException {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("the authority's key cannot sign", e);
    }
  }

  private static X500Name subject(String commonName, Collection<String> organizations) {
    var name = new X500NameBuilder(BCStyle.INSTANCE);
    organizations.forEach(organization -> name.addRDN(BCStyle.O, organization));
    name.addRDN(BCStyle.CN, commonName);
    return name.build();
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(127, random).setBit(126);
  }
}

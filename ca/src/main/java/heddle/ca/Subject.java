package heddle.ca;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * Whom a certificate names, as Kubernetes reads it: the common name is the user, each organization
 * a group.
 *
 * @param commonName empty when the certificate has none
 */
public record Subject(String commonName, List<String> organizations) {
  public Subject {
    organizations = List.copyOf(organizations);
  }

  /** The subject of a certificate. Of several common names, the last counts, as in Kubernetes. */
  public static Subject of(X509Certificate certificate) {
    X500Name name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    List<String> names = values(name, BCStyle.CN);
    return new Subject(names.isEmpty() ? "" : names.getLast(), values(name, BCStyle.O));
  }

  private static List<String> values(X500Name name, ASN1ObjectIdentifier type) {
    var found = new ArrayList<String>();
    Arrays.stream(name.getRDNs())
        .flatMap(rdn -> Arrays.stream(rdn.getTypesAndValues()))
        .filter(entry -> entry.getType().equals(type))
        .map(AttributeTypeAndValue::getValue)
        .filter(ASN1String.class::isInstance)
        .map(value -> ((ASN1String) value).getString())
        .forEach(found::add);
    return found;
  }
}

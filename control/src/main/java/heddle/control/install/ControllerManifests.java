package heddle.control.install;

import heddle.kube.KubeObject;
import heddle.manifest.ManifestReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The objects that install the App Mesh controller, definitions of its kinds aside: namespace,
 * service account, roles, service, deployment and webhook configurations.
 */
public final class ControllerManifests {
  /** Where the controller and its objects live. */
  public static final String NAMESPACE = "appmesh-system";

  /** The name that the webhooks' certificate must have. */
  public static final String WEBHOOK_HOST = "appmesh-controller-webhook-service.appmesh-system.svc";

  /** The port of the webhook server inside the controller's pod. */
  public static final int WEBHOOK_PORT = 9443;

  /** The name that the certificate of the ADS server in the controller's pod must have. */
  public static final String XDS_HOST = "appmesh-controller-xds.appmesh-system.svc.cluster.local";

  /** The port of the ADS server, of its service and inside the controller's pod. */
  public static final int XDS_PORT = 15012;

  /** The image of the controller's container, which {@code cli} maps to the control plane. */
  public static final String IMAGE = "heddle/appmesh-controller:v1.13.1";

  /** The account, in {@link #NAMESPACE}, that may see what every data plane is served. */
  public static final String XDS_VIEWER = "xds-viewer";

  private static final String FILE = "appmesh-controller.yaml";

  private ControllerManifests() {}

  /**
   * The objects, in the order in which they are to be applied.
   *
   * @param authorityPem the certificate of the authority that issued the webhooks' certificate
   */
  public static List<KubeObject> all(String authorityPem) {
    String bundle =
        Base64.getEncoder().encodeToString(authorityPem.getBytes(StandardCharsets.UTF_8));
    String text = template().replace("${CA_BUNDLE}", bundle);
    return new ManifestReader().read(FILE, text).stream().map(KubeObject::of).toList();
  }

  private static String template() {
    try (InputStream in = ControllerManifests.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + FILE, e);
    }
  }
}

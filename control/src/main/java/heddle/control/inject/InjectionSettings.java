package heddle.control.inject;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the controller's flags were.
 *
 * @param initImage sets up interception
 * @param envoyImage the proxy of pods with the data plane embedded
 * @param stockEnvoyImage the proxy of pods with the data plane envoy
 * @param dataPlane of pods that do not choose
 * @param region {@code AWS_REGION} of the proxy
 * @param kubernetesVersion told to the proxy
 * @param extraEnv further variables of the proxy: tracing, statistics
 */
public record InjectionSettings(
    String initImage,
    String envoyImage,
    String stockEnvoyImage,
    DataPlane dataPlane,
    String region,
    String kubernetesVersion,
    Map<String, String> extraEnv) {

  public InjectionSettings {
    extraEnv = Collections.unmodifiableMap(new LinkedHashMap<>(extraEnv));
  }

  /** The images and defaults of the App Mesh controller's last release. */
  public static InjectionSettings standard() {
    return new InjectionSettings(
        "public.ecr.aws/appmesh/aws-appmesh-proxy-route-manager:v7-prod",
        "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod",
        "envoyproxy/envoy:v1.40.0",
        DataPlane.EMBEDDED,
        "us-west-2",
        "v1.33.0",
        Map.of());
  }

  /** The same, with another data plane for pods that do not choose. */
  public InjectionSettings withDataPlane(DataPlane other) {
    return new InjectionSettings(
        initImage, envoyImage, stockEnvoyImage, other, region, kubernetesVersion, extraEnv);
  }
}

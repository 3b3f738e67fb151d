package heddle.control.inject;

import heddle.kube.KubeObject;
import java.util.Locale;

/** What carries a pod's traffic. */
public enum DataPlane {
  /** The proxy inside Heddle's own process. */
  EMBEDDED,
  /** A stock Envoy in the pod. */
  ENVOY;

  /** The pod annotation that chooses for one pod. */
  public static final String ANNOTATION = "heddle.dev/data-plane";

  /** The word for it on the command line and in annotations. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a pod asks for.
   *
   * @param otherwise for pods that ask for nothing
   * @throws IllegalArgumentException if it asks for something that does not exist
   */
  static DataPlane of(KubeObject pod, DataPlane otherwise) {
    String wish = pod.annotations().getOrDefault(ANNOTATION, otherwise.word());
    for (DataPlane each : values()) {
      if (each.word().equals(wish)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "annotation " + ANNOTATION + ": '" + wish + "' (expected: embedded or envoy)");
  }
}

package heddle.kube;

/** How a patch says what to change. */
public enum PatchType {
  /** RFC 6902: a list of operations. */
  JSON("application/json-patch+json"),
  /** RFC 7386: a partial object, null deletes, lists are replaced. */
  MERGE("application/merge-patch+json"),
  /** Kubernetes' own merge by list keys; built-in kinds only. */
  STRATEGIC("application/strategic-merge-patch+json");

  private final String contentType;

  PatchType(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }
}

package heddle.cli;

/** A small mesh, and six ways to get it wrong: what lint says of them, and a cluster. */
public final class BadManifests {

  public static final String MESH =
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
        labels:
          mesh: shop
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: Mesh
      metadata:
        name: shop
      spec:
        namespaceSelector:
          matchLabels:
            mesh: shop
      ---
      """;

  public static final String NODE =
      """
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata:
        name: cart
        namespace: shop
      spec:
        podSelector:
          matchLabels:
            app: cart
        listeners:
          - portMapping:
              port: 8080
              protocol: http
        serviceDiscovery:
          dns:
            hostname: cart.shop.svc.cluster.local
      """;

  public static final String ROUTER =
      """
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualRouter
      metadata:
        name: cart
        namespace: shop
      spec:
        listeners:
          - portMapping:
              port: 8080
              protocol: http
        routes:
          - name: all
            httpRoute:
              match:
                prefix: /
              action:
                weightedTargets:
                  - virtualNodeRef:
                      name: cart
                    weight: 1
              retryPolicy:
                maxRetries: 2
                perRetryTimeout:
                  unit: s
                  value: 2
                tcpRetryEvents:
                  - connection-error
      """;

  /** A field that does not exist, where a required one was meant. */
  public static final String MISSPELT = NODE.replace("podSelector", "podSelectr");

  /** A number out of range, deep inside. */
  public static final String NEGATIVE = ROUTER.replace("maxRetries: 2", "maxRetries: -1");

  /** A route to a virtual node that is not there. */
  public static final String DANGLING = ROUTER;

  /** The same object twice, with another port. */
  public static final String DUPLICATE = NODE + "---\n" + NODE.replace("port: 8080", "port: 9090");

  private BadManifests() {}

  /** A good object with a comment of ten mebibytes in it. */
  public static String tenMebibytes() {
    String note = "  annotations:\n    note: \"" + "x".repeat(10 << 20) + "\"\n";
    return NODE.replace("  namespace: shop\n", "  namespace: shop\n" + note);
  }

  /** A kilobyte that stands for 9^12 values ("billion laughs"). */
  public static String bomb() {
    StringBuilder bomb = new StringBuilder(NODE);
    bomb.append("a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n");
    for (int level = 1; level < 12; level++) {
      String below = "*a" + (level - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(level, level, (below + ",").repeat(8) + below));
    }
    return bomb.toString();
  }
}

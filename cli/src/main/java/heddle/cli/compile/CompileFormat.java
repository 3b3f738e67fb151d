package heddle.cli.compile;

/** A way to show a compiled mesh. */
public enum CompileFormat {
  /** A list of nodes: listeners, routes, clusters and endpoints in Envoy's JSON. */
  xds,
  /** A list of nodes in Heddle's own words, with where each part came from. */
  model,
  /** One node as a bootstrap that a stock Envoy starts from. */
  envoy
}

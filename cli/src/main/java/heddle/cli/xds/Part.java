package heddle.cli.xds;

import heddle.xds.ResourceType;

/** A part of what a node is served, by the short name that Envoy's users know. */
public enum Part {
  lds(ResourceType.LISTENER),
  rds(ResourceType.ROUTES),
  cds(ResourceType.CLUSTER),
  eds(ResourceType.ENDPOINTS);

  private final ResourceType type;

  Part(ResourceType type) {
    this.type = type;
  }

  ResourceType type() {
    return type;
  }
}

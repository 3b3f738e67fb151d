package heddle.cli.xds;

import heddle.xds.ResourceType;

/** A part of what a node is served, by the short name that Envoy's users know. */
public enum Part {
  lds,
  rds,
  cds,
  eds;

  /** Asked for late: the types load Envoy's descriptors, which no other command needs. */
  ResourceType type() {
    return switch (this) {
      case lds -> ResourceType.LISTENER;
      case rds -> ResourceType.ROUTES;
      case cds -> ResourceType.CLUSTER;
      case eds -> ResourceType.ENDPOINTS;
    };
  }
}

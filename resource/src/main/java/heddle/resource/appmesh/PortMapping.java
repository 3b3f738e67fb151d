package heddle.resource.appmesh;

/** A listener's port and what is spoken there. */
public record PortMapping(int port, Protocol protocol) {
  static PortMapping of(Fields fields) {
    return new PortMapping(fields.whole("port"), Protocol.of(fields.text("protocol")));
  }
}

package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.auth.ServiceAccountTokens;
import java.io.IOException;

/** Answers {@code POST serviceaccounts/NAME/token}. */
public final class TokenRequests implements Subresource {

  private final ServiceAccountTokens tokens;
  private final Bodies bodies;

  public TokenRequests(ServiceAccountTokens tokens, ProtobufDecoder protobuf) {
    this.tokens = tokens;
    this.bodies = new Bodies(protobuf);
  }

  @Override
  public boolean handles(Target target) {
    return target.resource().equals("serviceaccounts")
        && target.subresource().equals("token")
        && target.verb().equals("create");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Target target = exchange.target();
    ObjectNode answer = tokens.request(target.namespace(), target.name(), bodies.object(exchange));
    Bodies.send(exchange, 201, bodies.write(answer));
  }
}

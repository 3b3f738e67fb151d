package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.auth.AccessReviews;
import java.io.IOException;
import java.util.Set;

/**
 * Answers the kinds that are questions, not objects: token and access reviews. {@code kubectl auth
 * can-i} and {@code whoami} ask them.
 */
public final class ReviewRequests implements Subresource {

  private static final Set<String> GROUPS = Set.of("authentication.k8s.io", "authorization.k8s.io");

  private final AccessReviews reviews;
  private final Bodies bodies;

  public ReviewRequests(AccessReviews reviews, ProtobufDecoder protobuf) {
    this.reviews = reviews;
    this.bodies = new Bodies(protobuf);
  }

  @Override
  public boolean handles(Target target) {
    return GROUPS.contains(target.group())
        && target.resource().endsWith("reviews")
        && target.verb().equals("create");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Target target = exchange.target();
    ObjectNode review = bodies.object(exchange);
    String kind = review.path("kind").asText();
    String apiVersion = target.group() + "/" + target.version();
    review.put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode answer = reviews.answer(kind, target.namespace(), review, exchange.user());
    Bodies.send(exchange, 201, bodies.write(answer));
  }
}

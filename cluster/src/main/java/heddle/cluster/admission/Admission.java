package heddle.cluster.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.auth.User;
import heddle.cluster.object.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two admission steps of a write. */
public interface Admission {

  /**
   * One write.
   *
   * @param operation CREATE, UPDATE, DELETE or CONNECT
   * @param subresource empty for the object itself
   * @param object the new state; null for DELETE
   * @param oldObject the stored state; null for CREATE
   */
  record Request(
      String operation,
      ResourceType type,
      String subresource,
      String namespace,
      String name,
      @Nullable ObjectNode object,
      @Nullable ObjectNode oldObject,
      User user,
      boolean dryRun) {}

  /** The object after mutation and the warnings for the client. */
  record Outcome(@Nullable ObjectNode object, List<String> warnings) {}

  /** Calls mutating webhooks in order. A denial or a failing webhook is an ApiException. */
  Outcome mutate(Request request);

  /** Calls validating webhooks; returns their warnings. */
  List<String> validate(Request request);
}

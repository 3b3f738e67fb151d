package heddle.cluster.operation;

import heddle.cluster.admission.Admission;
import java.util.List;

/** Lets everything pass unchanged. */
public final class NoAdmission implements Admission {

  @Override
  public Outcome mutate(Request request) {
    return new Outcome(request.object(), List.of());
  }

  @Override
  public List<String> validate(Request request) {
    return List.of();
  }
}

package heddle.mesh.appmesh;

import heddle.mesh.input.KubernetesService;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.AppMeshResource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Works things out, or takes them from an earlier compilation: if nothing was found wrong on the
 * way there, and every question that was asked then has the same answer now.
 *
 * <p>"The same" means the same object, so an unchanged resource must be given as the same object
 * again; one that is equal only costs work. What is worked out may depend on nothing but its
 * questions.
 */
final class Reuse {
  private final Work before;
  private final MeshIndex index;
  private final Findings findings;
  private final Map<Question.Subject, Work.Piece> pieces = new HashMap<>();
  private final Map<Question.Subject, Object> results = new HashMap<>();

  Reuse(Work before, MeshIndex index, Findings findings) {
    this.before = before;
    this.index = index;
    this.findings = findings;
  }

  /**
   * One thing about a resource; the supplier is asked once at most. What it depends on is taken
   * over only if that was worked out before it.
   */
  @SuppressWarnings("unchecked") // All results of an aspect are of one type.
  <T> T result(Question.Aspect aspect, AppMeshResource resource, Supplier<T> make) {
    var subject = new Question.Subject(aspect, resource.key());
    Object result = results.get(subject);
    if (result == null) {
      Work.Piece known = before.piece(subject);
      if (known != null && holds(known)) {
        pieces.put(subject, known);
        result = known.result();
      } else {
        result = make(subject, resource, make);
      }
      results.put(subject, result);
    }
    index.asked(new Question.Result(subject), result);
    return (T) result;
  }

  private <T> T make(Question.Subject subject, AppMeshResource resource, Supplier<T> make) {
    Map<Question, @Nullable Object> answers = new LinkedHashMap<>();
    answers.put(new Question.Named(resource.key()), resource);
    long said = findings.said();
    @Nullable Map<Question, @Nullable Object> outer = index.noteIn(answers);
    T result = make.get();
    @Nullable Map<Question, @Nullable Object> unused = index.noteIn(outer);
    if (findings.said() == said) {
      pieces.put(subject, new Work.Piece(result, answers));
    }
    return result;
  }

  /** Whether something was found wrong with a resource. */
  boolean failed(AppMeshResource resource) {
    boolean failed = findings.failed(resource);
    index.asked(new Question.Failed(resource.key()), failed);
    return failed;
  }

  private boolean holds(Work.Piece piece) {
    for (Map.Entry<Question, @Nullable Object> asked : piece.answers().entrySet()) {
      if (!same(asked.getValue(), answer(asked.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Object answer(Question question) {
    return switch (question) {
      case Question.OfIndex ofIndex -> index.answer(ofIndex);
      case Question.Failed(ResourceKey key) -> findings.failed(key);
      case Question.Result(Question.Subject subject) -> results.get(subject);
    };
  }

  private static boolean same(@Nullable Object then, @Nullable Object now) {
    if (then == now) {
      return true;
    }
    return switch (then) {
      case null -> false;
      case Boolean failed -> failed.equals(now);
      case KubernetesService service -> service.equals(now);
      case List<?> members -> now instanceof List<?> others && sameMembers(members, others);
      default -> false;
    };
  }

  private static boolean sameMembers(List<?> then, List<?> now) {
    if (then.size() != now.size()) {
      return false;
    }
    for (int i = 0; i < then.size(); i++) {
      if (then.get(i) != now.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** For the next compilation. */
  Work work() {
    return new Work(pieces);
  }
}

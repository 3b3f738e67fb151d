package heddle.mesh.appmesh;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a compilation worked out, piece by piece: the next one need not do it again. */
public final class Work {
  /** Nothing. */
  public static final Work NONE = new Work(Map.of());

  private final Map<Question.Subject, Piece> pieces;

  /** A result, and what was asked on the way to it, with the answers. */
  record Piece(Object result, Map<Question, @Nullable Object> answers) {
    Piece {
      answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }
  }

  Work(Map<Question.Subject, Piece> pieces) {
    this.pieces = Collections.unmodifiableMap(new HashMap<>(pieces));
  }

  @Nullable Piece piece(Question.Subject subject) {
    return pieces.get(subject);
  }
}

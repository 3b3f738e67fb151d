package heddle.resource;

import heddle.manifest.Diagnostic;
import heddle.manifest.Document;
import java.util.List;

/** What became of a document. */
public sealed interface Decoded {

  /** It is valid; {@code remarks} holds warnings and notes. */
  record Typed(Resource resource, List<Diagnostic> remarks) implements Decoded {
    public Typed {
      remarks = List.copyOf(remarks);
    }
  }

  /** It is of a kind that Heddle types, and wrong; at least one diagnostic is an error. */
  record Invalid(Document document, List<Diagnostic> diagnostics) implements Decoded {
    public Invalid {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /** It is of a kind that Heddle does not type. */
  record Untyped(Document document) implements Decoded {}
}

package heddle.mesh.lint;

import heddle.manifest.Diagnostic;
import heddle.manifest.Document;
import heddle.mesh.CompiledMesh;
import java.util.List;

/**
 * What {@link Lint} found.
 *
 * @param documents everything that could be read, in the order of the files
 * @param mesh what the valid resources among them compile to
 * @param diagnostics in the order of files and lines
 */
public record LintReport(
    List<Document> documents, CompiledMesh mesh, List<Diagnostic> diagnostics) {
  public LintReport {
    documents = List.copyOf(documents);
    diagnostics = List.copyOf(diagnostics);
  }

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }
}

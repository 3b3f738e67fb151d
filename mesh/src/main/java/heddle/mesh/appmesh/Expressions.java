package heddle.mesh.appmesh;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import heddle.manifest.FieldPath;
import heddle.resource.appmesh.AppMeshResource;
import heddle.resource.appmesh.HeaderMatch;
import heddle.resource.appmesh.PathMatch;
import heddle.resource.appmesh.Route;
import heddle.resource.appmesh.ValueMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses regular expressions that RE2 does not understand, before a proxy does. */
final class Expressions {

  private Expressions() {}

  static boolean check(
      Route.Match match, AppMeshResource owner, FieldPath path, Findings findings) {
    return switch (match) {
      case Route.Match.Http http -> {
        boolean good = path(http.path(), owner, path, findings);
        yield headers(http.headers(), owner, path.field("headers"), findings) && good;
      }
      case Route.Match.Grpc grpc ->
          headers(grpc.metadata(), owner, path.field("metadata"), findings);
      case Route.Match.Tcp ignored -> true;
    };
  }

  static boolean path(
      @Nullable PathMatch match, AppMeshResource owner, FieldPath path, Findings findings) {
    return !(match instanceof PathMatch.Regex(String expression))
        || compiles(expression, owner, path.field("path").field("regex"), findings);
  }

  static boolean headers(
      List<HeaderMatch> headers, AppMeshResource owner, FieldPath path, Findings findings) {
    boolean good = true;
    for (int i = 0; i < headers.size(); i++) {
      if (headers.get(i).match() instanceof ValueMatch.Regex(String expression)) {
        good &= compiles(expression, owner, path.index(i).field("match").field("regex"), findings);
      }
    }
    return good;
  }

  private static boolean compiles(
      String expression, AppMeshResource owner, FieldPath path, Findings findings) {
    try {
      Pattern.compile(expression);
      return true;
    } catch (PatternSyntaxException e) {
      findings.fail(
          owner,
          "Unsupported",
          "invalid-regex",
          path,
          "\"" + expression + "\": " + e.getDescription() + " (expected: an RE2 expression)",
          "RE2 has no look-around and no back-references");
      return false;
    }
  }
}

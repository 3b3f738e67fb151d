package heddle.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Reads one or more JSON values that follow one another. */
final class JsonTrees {

  private final String file;
  private final ReadLimits limits;
  private final List<Diagnostic> problems;

  JsonTrees(String file, ReadLimits limits, List<Diagnostic> problems) {
    this.file = file;
    this.limits = limits;
    this.problems = problems;
  }

  List<Node> read(String text) {
    StreamReadConstraints bounds =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.depth() + 2)
            .maxStringLength(limits.codePoints())
            .maxNameLength(limits.codePoints())
            .build();
    JsonFactory factory = JsonFactory.builder().streamReadConstraints(bounds).build();
    TreeBuilder tree = new TreeBuilder(limits, problems);
    List<Node> roots = new ArrayList<>();
    int depth = 0;
    try (JsonParser parser = factory.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        accept(token, parser, tree);
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth == 0) {
          roots.add(java.util.Objects.requireNonNull(tree.take()));
        }
      }
    } catch (JsonProcessingException e) {
      throw TreeBuilder.refused("json-syntax", origin(e.getLocation()), e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return roots;
  }

  private void accept(JsonToken token, JsonParser parser, TreeBuilder tree) throws IOException {
    Origin origin = origin(parser.currentTokenLocation());
    switch (token) {
      case START_OBJECT -> tree.open(true, origin, null);
      case START_ARRAY -> tree.open(false, origin, null);
      case END_OBJECT, END_ARRAY -> tree.close();
      case FIELD_NAME -> tree.key(parser.currentName(), origin, false);
      case VALUE_STRING -> tree.scalar(new Node.Text(parser.getText(), origin), null);
      case VALUE_NUMBER_INT -> tree.scalar(whole(parser, origin), null);
      case VALUE_NUMBER_FLOAT ->
          tree.scalar(new Node.Decimal(parser.getDoubleValue(), origin), null);
      case VALUE_TRUE, VALUE_FALSE ->
          tree.scalar(new Node.Truth(token == JsonToken.VALUE_TRUE, origin), null);
      case VALUE_NULL -> tree.scalar(new Node.Nothing(origin), null);
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a text parser made the token " + token);
    }
  }

  private static Node whole(JsonParser parser, Origin origin) throws IOException {
    BigInteger value = parser.getBigIntegerValue();
    return value.bitLength() < Long.SIZE
        ? new Node.Whole(value.longValue(), origin)
        : new Node.Decimal(value.doubleValue(), origin);
  }

  private Origin origin(JsonLocation at) {
    return at == null
        ? new Origin.File(file, 1, 1)
        : new Origin.File(file, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
  }
}

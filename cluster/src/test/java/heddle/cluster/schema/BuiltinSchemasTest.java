package heddle.cluster.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BuiltinSchemasTest {
  private static final Path FILE = Path.of("src/main/resources/heddle/cluster/schema/builtin.json");

  /** Regenerate with {@code -Dheddle.regenerate=true} after an update of the descriptors. */
  @Test
  void theCheckedInSchemasAreThoseOfTheDescriptors() throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    if (Boolean.getBoolean("heddle.regenerate")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, mapper.writeValueAsString(BuiltinSchemaGenerator.generate()) + "\n");
    }
    assertThat(mapper.readTree(Files.readAllBytes(FILE)))
        .isEqualTo(BuiltinSchemaGenerator.generate());
  }
}

package heddle.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetReaderTest {
  @TempDir Path folder;

  @Test
  void readsMethodsHeadersAndBodies() throws Exception {
    Path body = Files.writeString(folder.resolve("body"), "hello");
    var common = List.of(TargetReader.header("A: 1"));

    var targets =
        new TargetReader(common, new byte[0])
            .read("# two\nGET http://h/a?x=1\nB: 2\n\nPOST https://h:8443/b\n@" + body + "\n");

    assertThat(targets).hasSize(2);
    assertThat(targets.get(0).headers()).extracting(Target.Header::name).containsExactly("A", "B");
    assertThat(targets.get(0).requestTarget()).isEqualTo("/a?x=1");
    assertThat(targets.get(0).endpoint()).isEqualTo(new Endpoint("h", 80, false));
    assertThat(targets.get(1).body()).asString().isEqualTo("hello");
    assertThat(targets.get(1).endpoint()).isEqualTo(new Endpoint("h", 8443, true));
  }

  @Test
  void namesTheLineThatIsWrong() {
    var reader = new TargetReader(List.of(), new byte[0]);

    assertThatThrownBy(() -> reader.read("\nhttp://h/"))
        .hasMessage("targets:2: http://h/ (expected: METHOD URL)");
    assertThatThrownBy(() -> reader.read("GET /only/a/path"))
        .hasMessage(
            "targets:1: target: /only/a/path (expected: http://HOST/PATH or https://HOST/PATH)");
    assertThatThrownBy(() -> reader.read("\n"))
        .hasMessage("no targets (expected: a line like GET http://HOST/PATH)");
  }
}

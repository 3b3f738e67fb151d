package heddle.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageFileTest {
  @Test
  void readsEveryField() {
    var file =
        ImageFile.parse(
            "my.json",
            """
            {"images": {"example/worker": {
              "command": ["python3", "-m", "worker"], "args": ["--verbose"],
              "env": {"MODE": "local", "PORT": 8080}, "workingDirectory": "/opt", "user": 1000,
              "hostPaths": ["/opt/worker"], "tools": ["git"]}}}
            """);

    var image = find(file, "example/worker:3").orElseThrow();

    assertThat(image.entrypoint()).containsExactly("python3", "-m", "worker");
    assertThat(image.command()).containsExactly("--verbose");
    assertThat(image.environment()).isEqualTo(Map.of("MODE", "local", "PORT", "8080"));
    assertThat(image.workingDirectory()).isEqualTo("/opt");
    assertThat(image.user()).isEqualTo(1000);
    assertThat(image.hostPaths()).containsExactly(Path.of("/opt/worker"));
    assertThat(image.tools()).contains("git", "python3", "sh", "curl");
  }

  @Test
  void anEntryWithTheTagWinsOverOneWithout() {
    var file =
        ImageFile.parse("f", "images: {a/b: [any], 'a/b:1': [one], 'localhost:5000/c': [c]}");

    assertThat(find(file, "a/b:1").orElseThrow().entrypoint()).containsExactly("one");
    assertThat(find(file, "a/b:2").orElseThrow().entrypoint()).containsExactly("any");
    assertThat(find(file, "localhost:5000/c:x").orElseThrow().entrypoint()).containsExactly("c");
    assertThat(find(file, "a/c")).isEmpty();
  }

  @Test
  void anEntryForLatestAnswersForNoTag() {
    var file = ImageFile.parse("f", "images: {'a/b:latest': [x]}");

    assertThat(find(file, "a/b")).isPresent();
    assertThat(find(file, "a/b:2")).isEmpty();
  }

  @Test
  void refusesWhatItDoesNotKnowByName() {
    assertThatThrownBy(() -> ImageFile.parse("f", "images: {a: {command: [x], port: 1}}"))
        .hasMessageStartingWith("f: images: a: unknown field port (expected: one of [args, ");
    assertThatThrownBy(() -> ImageFile.parse("f", "images: {a: {args: [x]}}"))
        .hasMessage("f: images: a: no command (expected: command: [PROGRAM, ARGUMENT…])");
    assertThatThrownBy(() -> ImageFile.parse("f", "images: {a: {command: [x], user: root}}"))
        .hasMessage("f: images: a: user: root (expected: a whole number >= 0)");
    assertThatThrownBy(() -> ImageFile.parse("f", "images: {a: {command: [x], hostPaths: [y]}}"))
        .hasMessage("f: images: a: hostPaths: y (expected: an absolute path)");
    assertThatThrownBy(() -> ImageFile.parse("f", "images: [a"))
        .hasMessageStartingWith("f is neither YAML nor JSON: ");
    assertThatThrownBy(() -> ImageFile.parse("f", "- a"))
        .hasMessage("f: [a] (expected: an object)");
  }

  private static java.util.Optional<Image.Program> find(ImageFile file, String reference) {
    return file.find(reference, Reference.parse(reference));
  }
}

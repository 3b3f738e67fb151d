package heddle.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  @TempDir Path directory;

  private static ObjectNode object(String name, int value) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("name", name);
    return object.put("value", value);
  }

  private Store open(int history) {
    return Store.open(directory.resolve("state.db"), history);
  }

  private static Key key(String name) {
    return new Key("things", "default", name);
  }

  @Test
  void aWriteIsOnlyDoneOverTheRevisionItSaw() {
    try (Store store = open(10)) {
      Stored first = store.put(key("a"), object("a", 1), 0).orElseThrow();
      assertThat(store.put(key("a"), object("a", 2), 0)).isEmpty();
      Stored second = store.put(key("a"), object("a", 3), first.revision()).orElseThrow();
      assertThat(store.put(key("a"), object("a", 4), first.revision())).isEmpty();
      assertThat(store.remove(key("a"), first.revision())).isEmpty();
      assertThat(store.remove(key("a"), second.revision())).isPresent();
      assertThat(store.get(key("a"))).isNull();
    }
  }

  /** Stands for whatever goes wrong while an object is written, such as too little memory. */
  public static final class Unwritable {
    public String getText() {
      throw new OutOfMemoryError("for this test");
    }
  }

  @Test
  @Timeout(60)
  void anErrorFailsTheWriteThatMetItAndNoLaterOne() {
    try (Store store = open(10)) {
      ObjectNode object = object("unwritable", 1);
      object.putPOJO("text", new Unwritable());
      assertThatThrownBy(() -> store.put(key("unwritable"), object, 0))
          .isInstanceOf(StoreException.class);
      assertThat(store.put(key("a"), object("a", 1), 0)).isPresent();
      assertThat(store.get(key("unwritable"))).isNull();
    }
    try (Store store = open(10)) {
      assertThat(store.list("things", "").items()).hasSize(1);
    }
  }

  @Test
  void revisionsNeverFallAcrossRestarts() {
    long last;
    try (Store store = open(10)) {
      Stored stored = store.put(key("a"), object("a", 1), 0).orElseThrow();
      last = store.remove(key("a"), stored.revision()).orElseThrow().revision();
    }
    try (Store store = open(10)) {
      assertThat(store.revision()).isEqualTo(last);
      assertThat(store.put(key("b"), object("b", 1), 0).orElseThrow().revision())
          .isGreaterThan(last);
    }
  }

  @Test
  void onlyTheOwnerCanReadTheFile() throws IOException {
    open(10).close();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("state.db"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aFeedThatFallsBehindWhatIsKeptIsExpired() throws InterruptedException {
    try (Store store = open(4)) {
      long from = store.revision();
      try (Feed slow = store.feed("things", "", from)) {
        for (int i = 0; i < 6; i++) {
          store.put(key("a" + i), object("a" + i, i), 0);
        }
        assertThatThrownBy(() -> slow.poll(PATIENCE))
            .hasMessageContaining("too old resource version");
      }
      assertThatThrownBy(() -> store.feed("things", "", from))
          .hasMessageContaining("too old resource version");
    }
  }

  @Test
  void manyWritersAtOnceLoseNothingAndFeedsSeeEveryChangeInOrder() throws Exception {
    int writers = 8;
    int each = 50;
    try (Store store = open(1000);
        Feed feed = store.feed("things", "", store.revision());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      store.put(key("counter"), object("counter", 0), 0);
      List<Future<Void>> done = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        Callable<Void> increments =
            () -> {
              for (int i = 0; i < each; i++) {
                increment(store);
              }
              return null;
            };
        done.add(threads.submit(increments));
      }
      for (Future<Void> one : done) {
        one.get();
      }
      long seen = 0;
      for (int expected = 0; expected <= writers * each; expected++) {
        Change change = feed.poll(PATIENCE);
        assertThat(change).isNotNull();
        assertThat(change.last().path("value").asInt()).isEqualTo(expected);
        assertThat(change.revision()).isGreaterThan(seen);
        seen = change.revision();
      }
    }
  }

  private static void increment(Store store) {
    while (true) {
      Stored current = store.get(key("counter"));
      assertThat(current).isNotNull();
      ObjectNode next = object("counter", current.object().path("value").asInt() + 1);
      if (store.put(key("counter"), next, current.revision()).isPresent()) {
        return;
      }
    }
  }

  /** Writes until it is killed, and says each write once it is acknowledged. */
  static final class Writer {
    public static void main(String[] arguments) {
      Store store = Store.open(Path.of(arguments[0]), 10);
      for (int i = 0; ; i++) {
        Stored stored = store.put(key("n" + i), object("n" + i, i), 0).orElseThrow();
        System.out.println(i + " " + stored.revision());
      }
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
    Path file = directory.resolve("crash.db");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      while (acknowledged.size() < 200) {
        acknowledged.add(lines.readLine());
      }
      child.toHandle().destroyForcibly(); // unlike the process's own, it leaves the pipe readable
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.matches("[0-9]+ [0-9]+")) {
          acknowledged.add(line);
        }
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    acknowledged.remove(acknowledged.size() - 1); // its line may have been cut
    try (Store store = Store.open(file, 10)) {
      for (String line : acknowledged) {
        String[] parts = line.split(" ", 2);
        Stored stored = store.get(key("n" + parts[0]));
        assertThat(stored).as(line).isNotNull();
        assertThat(Metadata.resourceVersion(stored.object())).isEqualTo(parts[1]);
      }
      assertThat(store.revision()).isGreaterThanOrEqualTo(acknowledged.size());
    }
  }
}

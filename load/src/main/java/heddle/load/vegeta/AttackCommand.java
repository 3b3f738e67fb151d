package heddle.load.vegeta;

import heddle.load.Attack;
import heddle.load.Durations;
import heddle.load.LoadGenerator;
import heddle.load.Rate;
import heddle.load.Result;
import heddle.load.ResultStream;
import heddle.load.Target;
import heddle.load.TargetReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/** {@code vegeta attack}: targets in, results out. */
final class AttackCommand {
  static final Set<String> KNOWN =
      Set.of(
          "duration",
          "rate",
          "targets",
          "output",
          "connections",
          "max-connections",
          "timeout",
          "header",
          "body",
          "format",
          "redirects",
          "workers",
          "name");
  static final Set<String> SWITCHES = Set.of("keepalive", "insecure", "http2");
  static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("lazy", "targets are read before the attack"),
          Map.entry("max-workers", "use -max-connections to limit what is open at once"),
          Map.entry("h2c", "requests are HTTP/1.1"),
          Map.entry("cert", "client certificates are not there yet"),
          Map.entry("key", "client certificates are not there yet"),
          Map.entry("root-certs", "the JDK's certificates or -insecure are used"),
          Map.entry("unix-socket", "targets are hosts"),
          Map.entry("max-body", "bodies are counted, never kept"),
          Map.entry("resolvers", "the system's resolver is used"),
          Map.entry("proxy-header", "there is no proxy support"),
          Map.entry("chunked", "bodies are sent with their length"),
          Map.entry("laddr", "the system chooses the address"),
          Map.entry("prometheus-addr", "use the report"));

  private final LoadGenerator generator;
  private final Vegeta.Streams streams;

  AttackCommand(LoadGenerator generator, Vegeta.Streams streams) {
    this.generator = generator;
    this.streams = streams;
  }

  void run(List<String> arguments) throws UsageException, IOException, InterruptedException {
    var flags = Flags.parse(arguments, KNOWN, SWITCHES, REFUSED);
    if (!flags.rest().isEmpty()) {
      throw new UsageException("attack takes no argument " + flags.rest().getFirst());
    }
    var attack = attack(flags);
    String output = flags.last("output").orElse("stdout");
    try (OutputStream out =
        output.equals("stdout") ? streams.out() : Files.newOutputStream(Path.of(output))) {
      write(attack, out);
    }
  }

  private Attack attack(Flags flags) throws UsageException, IOException {
    String format = flags.last("format").orElse("http");
    if (!format.equals("http")) {
      throw new UsageException("-format: " + format + " is not supported (expected: http)");
    }
    if (flags.number("redirects", -1) != -1) {
      throw new UsageException("-redirects is not supported: redirects count as answers (as -1)");
    }
    try {
      return new Attack(
          targets(flags),
          Rate.parse(flags.last("rate").orElse("50/1s")),
          Durations.parse(flags.last("duration").orElse("0")),
          Durations.parse(flags.last("timeout").orElse("30s")),
          flags.number("max-connections", 0),
          flags.number("connections", 10_000),
          flags.isOn("keepalive", true),
          flags.isOn("insecure", false));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private List<Target> targets(Flags flags) throws IOException {
    var headers = new ArrayList<Target.Header>();
    flags.all("header").forEach(line -> headers.add(TargetReader.header(line)));
    var body = flags.last("body");
    byte[] bytes = body.isPresent() ? Files.readAllBytes(Path.of(body.get())) : new byte[0];
    String source = flags.last("targets").orElse("stdin");
    try (InputStream in =
        source.equals("stdin") ? streams.in() : Files.newInputStream(Path.of(source))) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new TargetReader(headers, bytes).read(text);
    }
  }

  /** A slow reader of the pipe must not delay requests: a thread of its own does the writing. */
  private void write(Attack attack, OutputStream out) throws IOException, InterruptedException {
    var queue = new LinkedBlockingQueue<Message>();
    var failures = new ArrayList<IOException>();
    var writer = Thread.ofPlatform().name("results").start(() -> drain(queue, out, failures));
    try {
      generator.warmUp();
      generator.run(attack, result -> queue.add(new Message.One(result)));
    } finally {
      queue.add(new Message.End());
      writer.join();
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private void drain(
      LinkedBlockingQueue<Message> queue, OutputStream out, List<IOException> failures) {
    try {
      var writer = new ResultStream.Writer(out);
      while (true) {
        switch (queue.take()) {
          case Message.One(var result) -> writer.write(result);
          case Message.End() -> {
            writer.flush();
            return;
          }
        }
        if (queue.isEmpty()) {
          writer.flush();
        }
      }
    } catch (IOException e) {
      failures.add(e);
      generator.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private sealed interface Message {
    record One(Result result) implements Message {}

    record End() implements Message {}
  }
}

package heddle.load.vegeta;

import heddle.load.Durations;
import heddle.load.Report;
import heddle.load.ReportBuilder;
import heddle.load.ResultStream;
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
import java.util.function.Function;
import java.util.regex.Pattern;

/** {@code vegeta report}: results in, a report out. */
final class ReportCommand {
  private static final Set<String> KNOWN = Set.of("type", "output");
  private static final Map<String, String> REFUSED =
      Map.of(
          "every", "the report is written once, at the end",
          "buckets", "use -type='hist[0,2ms,4ms]'");
  private static final Pattern HISTOGRAM = Pattern.compile("hist\\[(.+)]");

  private final Vegeta.Streams streams;

  ReportCommand(Vegeta.Streams streams) {
    this.streams = streams;
  }

  void run(List<String> arguments) throws UsageException, IOException {
    var flags = Flags.parse(arguments, KNOWN, Set.of(), REFUSED);
    String type = flags.last("type").orElse("text");
    var builder = new ReportBuilder();
    Function<Report, String> layout = layout(type);
    for (String source : flags.rest().isEmpty() ? List.of("stdin") : flags.rest()) {
      try (InputStream in =
          source.equals("stdin") ? streams.in() : Files.newInputStream(Path.of(source))) {
        ResultStream.read(in, builder::add);
      }
    }
    byte[] text = layout.apply(builder.build()).getBytes(StandardCharsets.UTF_8);
    String output = flags.last("output").orElse("stdout");
    if (output.equals("stdout")) {
      OutputStream out = streams.out();
      out.write(text);
      out.flush();
    } else {
      Files.write(Path.of(output), text);
    }
  }

  private static Function<Report, String> layout(String type) throws UsageException {
    return switch (type) {
      case "text" -> Report::text;
      case "json" -> Report::json;
      case "hdrplot" -> Report::hdr;
      default -> {
        var bounds = bounds(type);
        yield report -> report.buckets(bounds);
      }
    };
  }

  private static List<Long> bounds(String type) throws UsageException {
    var histogram = HISTOGRAM.matcher(type);
    if (!histogram.matches()) {
      throw new UsageException(
          "-type: " + type + " (expected: text, json, hdrplot or hist[0,2ms,4ms])");
    }
    var bounds = new ArrayList<Long>();
    try {
      for (String bound : histogram.group(1).split(",")) {
        bounds.add(Durations.parse(bound).toNanos());
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("-type: " + e.getMessage());
    }
    return bounds;
  }
}

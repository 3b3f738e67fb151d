package heddle.scenario;

import heddle.manifest.Document;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;

/** How a scenario went. */
public record Outcome(String name, boolean ok, List<Row> steps, Duration took) {

  /** One step of the table. */
  public record Row(String step, String expected, String observed, boolean ok, Duration took) {}

  public Outcome {
    steps = List.copyOf(steps);
  }

  /** {@code {"name","ok","steps":[{"step","expected","observed","ok"}],"seconds"}} on one line. */
  public String json() {
    var object = new LinkedHashMap<String, Object>();
    object.put("name", name);
    object.put("ok", ok);
    object.put("steps", steps.stream().map(Outcome::row).toList());
    object.put("seconds", took.toMillis() / 1000.0);
    return Document.ofObject(object).root().json();
  }

  private static LinkedHashMap<String, Object> row(Row row) {
    var object = new LinkedHashMap<String, Object>();
    object.put("step", row.step());
    object.put("expected", row.expected());
    object.put("observed", row.observed());
    object.put("ok", row.ok());
    return object;
  }
}

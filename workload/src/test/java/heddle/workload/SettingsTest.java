package heddle.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void takesTheFirstVariableThatIsSet() {
    var settings = new Settings(Map.of("PORT", "81", "SERVER_PORT", "80"));

    assertThat(settings.number(0, 65535, "SERVER_PORT", "PORT")).hasValue(80);
    assertThat(settings.number(0, 65535, "OTHER")).isEmpty();
  }

  @Test
  void namesTheVariableThatIsWrong() {
    var settings = new Settings(Map.of("PORT", "http"));

    assertThatThrownBy(() -> settings.number(0, 65535, "PORT"))
        .hasMessage("PORT: http (expected: a whole number from 0 to 65535)");
  }

  @Test
  void namesTheVariableThatIsMissing() {
    assertThatThrownBy(() -> new Settings(Map.of()).required("COLOR", "colorapp:8080"))
        .hasMessage("COLOR is not set (expected: e.g. colorapp:8080)");
  }
}

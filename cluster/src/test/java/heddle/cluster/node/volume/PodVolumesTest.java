package heddle.cluster.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.fixture.Json;
import heddle.cluster.fixture.MemoryObjects;
import heddle.cluster.informer.Kinds;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodVolumesTest {
  @TempDir private Path directory;
  private final MemoryObjects objects = new MemoryObjects();

  private Path volumes() {
    return directory.resolve("volumes");
  }

  private void refresh(String source) throws Exception {
    ObjectNode pod =
        Json.of(
            "{metadata:{name:'p',namespace:'default'},spec:{automountServiceAccountToken:false,volumes:["
                + "{name:'v',"
                + source
                + "}]}}");
    new PodVolumes(
            volumes(),
            objects,
            new Tokens(),
            JsonNodeFactory.instance.objectNode(),
            Clock.systemUTC())
        .refresh(pod);
  }

  @Test
  void writesATokenWhereItsProjectionSays() throws Exception {
    refresh("projected:{sources:[{serviceAccountToken:{path:'deep/token'}}]}");
    assertThat(volumes().resolve("v/deep/token")).hasContent("token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../stolen", "/nowhere/stolen", "..data/x", "a/../../../b", ""})
  void noSourceWritesOutsideItsVolume(String path) {
    objects.create(
        Kinds.CONFIG_MAPS, Json.of("{metadata:{name:'m',namespace:'default'},data:{k:'v'}}"));
    for (String source :
        new String[] {
          "projected:{sources:[{serviceAccountToken:{path:'%s'}}]}",
          "projected:{sources:[{downwardAPI:{items:[{path:'%s',fieldRef:{fieldPath:'metadata.name'}}]}}]}",
          "configMap:{name:'m',items:[{key:'k',path:'%s'}]}"
        }) {
      assertThatThrownBy(() -> refresh(source.formatted(path)))
          .as(source)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("must be relative and must not contain '..'");
    }
    assertThat(directory.resolve("stolen")).doesNotExist();
    assertThat(Path.of("/nowhere/stolen")).doesNotExist();
  }

  private static final class Tokens implements PodTokens {
    @Override
    public String forPod(ObjectNode pod, String audience, long seconds) {
      return "token";
    }

    @Override
    public String certificateAuthority() {
      return "PEM";
    }
  }
}

package heddle.cluster.informer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.fixture.Json;
import heddle.cluster.fixture.MemoryObjects;
import heddle.cluster.object.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectCacheTest {
  private final MemoryObjects objects = new MemoryObjects();
  private final ObjectCache cache = new ObjectCache(objects, Kinds.CONFIG_MAPS);

  private ObjectNode create(String name) {
    return objects.create(
        Kinds.CONFIG_MAPS, Json.of("{metadata:{name:'" + name + "',namespace:'default'}}"));
  }

  /** Whoever waits for its own write looks at the revision when it is told, and never again. */
  @Test
  void hasReachedTheRevisionOfAChangeWhenItTellsOfIt() {
    List<Long> behind = new ArrayList<>();
    cache.listen(
        (before, after) -> {
          if (after != null) {
            long change = Long.parseLong(Metadata.resourceVersion(after));
            if (cache.revision() < change) {
              behind.add(change - cache.revision());
            }
          }
        });
    create("a");
    cache.start();
    create("b");
    assertThat(behind).isEmpty();
  }

  @Test
  void aListenerThatFailsKeepsNobodyElseFromHearing() {
    List<String> heard = new ArrayList<>();
    cache.listen(
        (before, after) -> {
          throw new IllegalStateException("a defect");
        });
    cache.listen((before, after) -> heard.add(after == null ? "gone" : Metadata.name(after)));
    create("a");
    cache.start();
    create("b");
    assertThat(heard).containsExactly("a", "b");
  }
}

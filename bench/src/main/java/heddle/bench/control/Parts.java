package heddle.bench.control;

import heddle.control.publish.SnapshotPublisher;
import heddle.control.rebuild.MeshBuilder;
import heddle.control.view.ClusterView;
import heddle.kube.KubeApi;
import heddle.kube.KubeObject;
import heddle.kube.PatchType;
import heddle.mesh.CompiledMesh;
import heddle.mesh.emit.Endpoints;
import heddle.xds.snapshot.SnapshotStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/** The control plane's work piece by piece, in this process and with nobody connected. */
final class Parts {
  private static final Duration READ = Duration.ofMinutes(5);

  private final LongSupplier ticker;
  private final Map<String, List<Double>> millis = new LinkedHashMap<>();

  private Parts(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** Milliseconds of each run of each part, by the part's name. */
  static Map<String, List<Double>> measure(Town town, KubeApi api, int runs, LongSupplier ticker)
      throws IOException, InterruptedException {
    Parts parts = new Parts(ticker);
    Semaphore changed = new Semaphore(0);
    ClusterView.Listener listener =
        new ClusterView.Listener() {
          @Override
          public void meshChanged() {
            changed.release();
          }

          @Override
          public void podsChanged() {
            changed.release();
          }
        };
    try (ClusterView view = ClusterView.start(api, listener)) {
      if (!view.awaitSynced(READ)) {
        throw new IOException("the mesh could not be read");
      }
      parts.run(town, api, view, changed, runs);
    }
    return parts.millis;
  }

  private void run(Town town, KubeApi api, ClusterView view, Semaphore changed, int runs)
      throws InterruptedException {
    for (int run = 0; run < runs; run++) {
      MeshBuilder builder = new MeshBuilder();
      SnapshotPublisher publisher = new SnapshotPublisher(new SnapshotStore());
      ClusterView.Contents contents = view.contents();
      CompiledMesh mesh = timed("decode and compile everything", () -> mesh(builder, contents));
      var endpoints = mesh.endpoints(view.pods(), Endpoints.NONE);
      timed(
          "pack and publish everything",
          () -> publisher.publish(mesh.nodes(), endpoints.assignments()).size());

      changed.drainPermits();
      KubeObject unused =
          api.patch(
              api.kind(Changes.API_VERSION, "VirtualRouter"),
              Town.namespace(run),
              Town.name(run),
              "",
              PatchType.MERGE,
              town.routes(run).json());
      changed.acquire();
      ClusterView.Contents after =
          timed("one router changed: read the cache", () -> view.contents());
      CompiledMesh next = timed("one router changed: compile", () -> mesh(builder, after));
      var same =
          timed("one router changed: endpoints", () -> next.endpoints(view.pods(), endpoints));
      timed(
          "one router changed: compare and publish",
          () -> publisher.publish(next.nodes(), same.assignments()).size());
    }
  }

  private static CompiledMesh mesh(MeshBuilder builder, ClusterView.Contents contents) {
    return builder.build(contents).mesh();
  }

  private <T> T timed(String part, java.util.function.Supplier<T> work) {
    long begin = ticker.getAsLong();
    T result = work.get();
    millis.computeIfAbsent(part, name -> new ArrayList<>()).add((ticker.getAsLong() - begin) / 1e6);
    return result;
  }
}

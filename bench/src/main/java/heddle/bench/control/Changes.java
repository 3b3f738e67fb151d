package heddle.bench.control;

import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.PatchType;
import heddle.xds.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Changes objects one at a time and waits until everybody whom a change concerns has acknowledged
 * it.
 */
final class Changes {
  static final String API_VERSION = "appmesh.k8s.aws/v1beta2";

  private final Town town;
  private final KubeApi api;
  private final Fleet fleet;
  private final RandomGenerator random;
  private final LongSupplier ticker;
  private final int[] expected;

  /**
   * One change; milliseconds from the moment when it was sent to the API.
   *
   * @param stored when the API had answered
   * @param first when the first sidecar had it
   * @param last when the last of those concerned had acknowledged it
   */
  record Sample(int sidecars, double stored, double first, double last) {}

  Changes(Town town, KubeApi api, Fleet fleet, RandomGenerator random, LongSupplier ticker) {
    this.town = town;
    this.api = api;
    this.fleet = fleet;
    this.random = random;
    this.ticker = ticker;
    this.expected = new int[town.services()];
    for (int service = 0; service < expected.length; service++) {
      expected[service] = fleet.responses(service);
    }
  }

  /** A pod stops to be ready, or is ready again. */
  List<Sample> endpoints(int changes) throws InterruptedException {
    List<Sample> samples = new ArrayList<>();
    int service = 0;
    for (int i = 0; i < changes; i++) {
      boolean ready = i % 2 == 1;
      service = ready ? service : called();
      String pod = Town.pod(service, town.podsEach() - 1);
      String namespace = Town.namespace(service);
      samples.add(
          measure(
              fleet.expect(
                  town.callers(service),
                  ResourceType.ENDPOINTS,
                  Town.cluster(service),
                  town.podsEach() - (ready ? 0 : 1)),
              town.callers(service),
              1,
              () ->
                  api.patch(
                      KubeKind.POD,
                      namespace,
                      pod,
                      "status",
                      PatchType.STRATEGIC,
                      Town.ready(ready).json())));
    }
    return samples;
  }

  /** The routes of a service change. */
  List<Sample> routes(int changes) throws InterruptedException {
    List<Sample> samples = new ArrayList<>();
    KubeKind kind = api.kind(API_VERSION, "VirtualRouter");
    for (int i = 0; i < changes; i++) {
      int service = called();
      samples.add(
          measure(
              fleet.expect(town.callers(service), ResourceType.ROUTES, "", 0),
              town.callers(service),
              1,
              () ->
                  api.patch(
                      kind,
                      Town.namespace(service),
                      Town.name(service),
                      "",
                      PatchType.MERGE,
                      town.routes(service).json())));
    }
    return samples;
  }

  /**
   * The mesh changes, and with it the clusters, routes and listeners of everybody: a cluster more
   * comes before the routes that use it, a cluster less after them.
   */
  List<Sample> everything(int changes) throws InterruptedException {
    List<Sample> samples = new ArrayList<>();
    KubeKind kind = api.kind(API_VERSION, "Mesh");
    Set<Integer> all =
        IntStream.range(0, town.services()).boxed().collect(Collectors.toCollection(TreeSet::new));
    for (int i = 0; i < changes; i++) {
      boolean allow = i % 2 == 0;
      samples.add(
          measure(
              fleet.expect(all, allow ? ResourceType.ROUTES : ResourceType.CLUSTER, "", 0),
              all,
              3,
              () ->
                  api.patch(kind, "", Town.MESH, "", PatchType.MERGE, Town.egress(allow).json())));
    }
    return samples;
  }

  private int called() {
    int service;
    do {
      service = random.nextInt(town.services());
    } while (town.callers(service).isEmpty());
    return service;
  }

  private Sample measure(
      Fleet.Awaited change, Collection<Integer> concerned, int responses, Write write)
      throws InterruptedException {
    long begin = ticker.getAsLong();
    KubeObject unused = write.run();
    long stored = ticker.getAsLong();
    fleet.await(change);
    concerned.forEach(service -> expected[service] += responses);
    return new Sample(
        concerned.size(),
        millis(stored - begin),
        millis(change.first() - begin),
        millis(change.last() - begin));
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  /**
   * How many responses came that should not have come, or did not come, of all changes until now.
   * Streams keep their order, so everything of earlier changes is there once a later one is.
   */
  int wrongResponses() {
    int wrong = 0;
    for (int service = 0; service < expected.length; service++) {
      wrong += Math.abs(fleet.responses(service) - expected[service]);
    }
    return wrong;
  }

  /** A write to the API. */
  private interface Write {
    KubeObject run();
  }
}

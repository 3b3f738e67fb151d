package heddle.proxy.upstream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses hosts. Semantics: Envoy's load balancers with their priorities, panic and weights, for
 * one worker.
 */
final class Balancer {
  private static final int OVERPROVISIONING = 140;

  /** Hosts of one priority, by what they may be used for. */
  private static final class Level {
    final List<Host> all = new ArrayList<>();
    final Source healthy = new Source();
    final Source degraded = new Source();
    final Source everyone = new Source();
    int eligible;
    int healthyAvailability;
    int degradedAvailability;
    boolean panic;
  }

  /** A list of hosts to pick from, with the schedule for unequal weights. */
  private static final class Source {
    List<Host> hosts = List.of();
    boolean weighted;
    @Nullable PriorityQueue<Entry> schedule;
    long order;
    double now;
  }

  private record Entry(double deadline, long order, Host host) {}

  private final ClusterConfig config;
  private final RandomGenerator random;
  private final ClusterStats stats;
  private final List<Level> levels = new ArrayList<>();
  private int roundRobin;

  Balancer(ClusterConfig config, RandomGenerator random, ClusterStats stats) {
    this.config = config;
    this.random = random;
    this.stats = stats;
    this.roundRobin = random.nextInt(Integer.MAX_VALUE);
    update(0, List.of());
  }

  /** The hosts of a priority, or what is known of their health, are these now. */
  void update(int priority, Collection<Host> hosts) {
    while (levels.size() <= priority) {
      levels.add(new Level());
    }
    Level next = new Level();
    next.all.addAll(hosts);
    next.eligible = (int) hosts.stream().filter(host -> !host.excluded()).count();
    fill(next);
    levels.set(priority, next);
    int sum = 0;
    for (Level level : levels) {
      sum += level.healthyAvailability + level.degradedAvailability;
    }
    for (Level level : levels) {
      int usable = level.healthy.hosts.size() + level.degraded.hosts.size();
      level.panic =
          sum < 100
              && config.panicThreshold() > 0
              && 100.0 * usable / Math.max(1, level.eligible) < config.panicThreshold();
    }
  }

  private void fill(Level level) {
    source(level.everyone, level.all);
    source(level.healthy, level.all.stream().filter(Host::healthy).toList());
    source(level.degraded, level.all.stream().filter(Host::degraded).toList());
    int n = level.eligible;
    if (n > 0) {
      level.healthyAvailability = Math.min(100, OVERPROVISIONING * level.healthy.hosts.size() / n);
      level.degradedAvailability =
          Math.min(100, OVERPROVISIONING * level.degraded.hosts.size() / n);
    }
  }

  private void source(Source source, List<Host> hosts) {
    source.hosts = List.copyOf(hosts);
    for (Host host : hosts) {
      source.weighted |= host.endpoint().weight() != hosts.getFirst().endpoint().weight();
    }
    if (source.weighted) {
      source.schedule =
          new PriorityQueue<>(
              java.util.Comparator.comparingDouble(Entry::deadline)
                  .thenComparingLong(Entry::order));
      for (Host host : hosts) {
        push(source, host, source.now + random.nextDouble() / host.endpoint().weight());
      }
    }
  }

  private static void push(Source source, Host host, double deadline) {
    if (source.schedule != null) {
      source.schedule.add(new Entry(deadline, source.order++, host));
    }
  }

  /** A host, or null when there is none. */
  @Nullable Host pick() {
    Source source = levels.size() == 1 ? single(levels.getFirst()) : byPriority();
    return source == null || source.hosts.isEmpty() ? null : pick(source);
  }

  private Source single(Level level) {
    if (level.panic) {
      stats.lbHealthyPanic.inc();
      return level.everyone;
    }
    return level.healthy.hosts.isEmpty() ? level.degraded : level.healthy;
  }

  private @Nullable Source byPriority() {
    if (levels.isEmpty()) {
      return null;
    }
    int sum = 0;
    for (Level level : levels) {
      sum += level.healthyAvailability + level.degradedAvailability;
    }
    if (levels.stream().allMatch(l -> l.panic || l.all.isEmpty())) {
      return panicByHostCount();
    }
    int total = Math.min(100, sum);
    if (total == 0) {
      return null;
    }
    int point = random.nextInt(total);
    Source healthy = choose(point, total, true);
    return healthy != null ? healthy : choose(point, total, false);
  }

  /** Walks the cumulative load of the priorities, healthy hosts first, then degraded ones. */
  private @Nullable Source choose(int point, int total, boolean healthyTurn) {
    int seen = 0;
    if (!healthyTurn) {
      for (Level level : levels) {
        seen += level.healthyAvailability;
      }
      seen = Math.min(seen, total);
    }
    for (Level level : levels) {
      int availability = healthyTurn ? level.healthyAvailability : level.degradedAvailability;
      seen += Math.min(availability, total - seen);
      if (point < seen) {
        if (level.panic) {
          stats.lbHealthyPanic.inc();
          return level.everyone;
        }
        return healthyTurn ? level.healthy : level.degraded;
      }
    }
    return null;
  }

  private @Nullable Source panicByHostCount() {
    int hosts = levels.stream().mapToInt(l -> l.all.size()).sum();
    if (hosts == 0) {
      return null;
    }
    stats.lbHealthyPanic.inc();
    int point = random.nextInt(hosts);
    for (Level level : levels) {
      point -= level.all.size();
      if (point < 0) {
        return level.everyone;
      }
    }
    return null;
  }

  private Host pick(Source source) {
    if (source.schedule != null
        && !(config.balancing() instanceof ClusterConfig.Balancing.Random)) {
      Entry entry = source.schedule.remove();
      source.now = entry.deadline();
      Host host = entry.host();
      double weight = host.endpoint().weight();
      if (config.balancing() instanceof ClusterConfig.Balancing.LeastRequest) {
        weight /= host.activeRequests() + 1;
      }
      push(source, host, entry.deadline() + 1 / weight);
      return host;
    }
    List<Host> hosts = source.hosts;
    return switch (config.balancing()) {
      case ClusterConfig.Balancing.RoundRobin() -> {
        Host host = hosts.get(roundRobin % hosts.size());
        roundRobin = (roundRobin + 1) & Integer.MAX_VALUE;
        yield host;
      }
      case ClusterConfig.Balancing.Random() -> hosts.get(random.nextInt(hosts.size()));
      case ClusterConfig.Balancing.LeastRequest(int choices) -> {
        Host best = hosts.get(random.nextInt(hosts.size()));
        for (int i = 1; i < choices; i++) {
          Host other = hosts.get(random.nextInt(hosts.size()));
          if (other.activeRequests() < best.activeRequests()) {
            best = other;
          }
        }
        yield best;
      }
    };
  }
}

package heddle.cluster.node.pod;

import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.node.container.RunningContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a pod's containers: preStop hooks, then a word from the consumers of its endpoints that
 * they have let go, then SIGTERM, then SIGKILL when the grace is over. Programs of the pod go
 * first, sidecars after them, so that the last requests still find their way.
 */
final class Termination {
  private static final Logger LOG = LoggerFactory.getLogger(Termination.class);
  private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);
  private static final Duration AT_LEAST = Duration.ofSeconds(2);
  private static final Duration KILLED = Duration.ofSeconds(10);

  private final NodeContext node;
  private final String pod;
  private final Hooks hooks;
  private final Executor tasks;
  private final CompletionStage<Void> left;
  private final Instant deadline;

  /**
   * @param left completes when nobody sends the pod new requests any more
   * @param grace from now until SIGKILL
   */
  Termination(
      NodeContext node,
      String pod,
      Hooks hooks,
      Executor tasks,
      CompletionStage<Void> left,
      Duration grace) {
    this.node = node;
    this.pod = pod;
    this.hooks = hooks;
    this.tasks = tasks;
    this.left = left;
    this.deadline = node.clock().instant().plus(grace);
  }

  /**
   * A container to stop.
   *
   * @param last whether it serves the pod's other containers, and stops after them
   */
  record Victim(ContainerSpec spec, RunningContainer container, About about, boolean last) {}

  /** Returns when all have ended. */
  void run(List<Victim> victims) throws InterruptedException {
    victims.forEach(
        v -> node.events().normal(v.about(), "Killing", "Stopping container " + v.spec().name()));
    List<Victim> programs = new ArrayList<>();
    List<Victim> helpers = new ArrayList<>();
    List<Victim> sidecars = new ArrayList<>();
    for (Victim victim : victims) {
      if (victim.spec().role() != ContainerSpec.Role.MAIN) {
        sidecars.addFirst(victim);
      } else if (victim.last()) {
        helpers.add(victim);
      } else {
        programs.add(victim);
      }
    }
    together(programs);
    together(helpers);
    for (Victim sidecar : sidecars) {
      together(List.of(sidecar));
    }
  }

  private void together(List<Victim> victims) throws InterruptedException {
    Function<Victim, CompletableFuture<Void>> stop =
        victim -> CompletableFuture.runAsync(() -> stop(victim), tasks);
    try {
      CompletableFuture.allOf(victims.stream().map(stop).toArray(CompletableFuture[]::new)).get();
    } catch (ExecutionException e) {
      LOG.warn("stopping {}", pod, e.getCause());
    }
  }

  private void stop(Victim victim) {
    try {
      Duration remaining = remaining(Duration.ofMillis(1));
      hooks
          .run("preStop", victim.spec(), victim.container(), remaining)
          .ifPresent(why -> node.events().warning(victim.about(), "FailedPreStopHook", why));
      awaitLeave(victim);
      Duration grace = remaining(AT_LEAST);
      if (!Instant.now(node.clock()).isBefore(deadline) && !Hooks.has("preStop", victim.spec())) {
        grace = remaining(Duration.ofMillis(1));
      }
      victim.container().terminate(grace);
      if (!await(victim.container().exit(), grace)) {
        victim.container().kill();
        await(victim.container().exit(), KILLED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitLeave(Victim victim) throws InterruptedException {
    Duration rest = remaining(Duration.ofMillis(1));
    if (!await(left, rest.compareTo(LONGEST_LEAVE) < 0 ? rest : LONGEST_LEAVE)) {
      node.events()
          .warning(
              victim.about(),
              "StillInUse",
              "Stopping container %s although not all that send requests to its pod have let go of it"
                  .formatted(victim.spec().name()));
    }
  }

  /** Stops one container, with force when its time is over. */
  static void stop(RunningContainer container, Duration patience) {
    try {
      container.terminate(patience);
      if (!await(container.exit(), patience)) {
        container.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration remaining(Duration least) {
    Duration left = Duration.between(node.clock().instant(), deadline);
    return left.compareTo(least) < 0 ? least : left;
  }

  /** Waits; false when it takes longer. */
  static boolean await(CompletionStage<?> stage, Duration atMost) throws InterruptedException {
    try {
      stage.toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      LOG.debug("ended with a failure", e.getCause());
      return true;
    }
  }
}

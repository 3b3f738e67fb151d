package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.InProcessProgram;
import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.container.BuiltinContainer;
import heddle.cluster.node.container.ProcessContainer;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.environment.ContainerEnvironment;
import heddle.cluster.node.log.ContainerLog;
import heddle.cluster.node.sandbox.Sandbox;
import heddle.cluster.node.volume.ConfigurationException;
import heddle.cluster.node.volume.PodVolumes;
import heddle.images.Image;
import heddle.images.ImageNotFoundException;
import heddle.network.PodNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;

/** Starts containers of one pod; blocking, and used by several threads. */
final class ContainerStarter {
  private final NodeContext node;
  private final PodDirectory directory;
  private final PodNetwork network;
  private final PodEtc etc;
  private final PodVolumes volumes;

  ContainerStarter(
      NodeContext node,
      PodDirectory directory,
      PodNetwork network,
      PodEtc etc,
      PodVolumes volumes) {
    this.node = node;
    this.directory = directory;
    this.network = network;
    this.etc = etc;
    this.volumes = volumes;
  }

  /** A started container and how its image was found. */
  record Started(RunningContainer container, ContainerLog log, Image image) {}

  /** What {@link #start} tells about its progress. */
  interface Progress {
    void pulled(Image image);

    void created();
  }

  /**
   * Starts a container.
   *
   * @param pod with its addresses in the status
   * @param run number of its log
   */
  Started start(ObjectNode pod, ContainerSpec spec, int run, Progress progress)
      throws StartException {
    Image image = resolve(spec);
    progress.pulled(image);
    try {
      volumes.refresh(pod);
      Map<String, String> variables =
          new ContainerEnvironment(node.objects(), pod, spec.tree(), node.allocatable())
              .variables();
      Path place = directory.container(spec.name());
      Files.deleteIfExists(place.resolve("process"));
      SandboxPlan plan =
          new SandboxPlan(pod, spec.tree(), network.namespaceFile(), place, etc, volumes);
      return start(pod, spec, run, image, variables, plan, place, progress);
    } catch (ConfigurationException e) {
      throw new StartException("CreateContainerConfigError", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StartException("CreateContainerError", String.valueOf(e.getMessage()));
    }
  }

  private Started start(
      ObjectNode pod,
      ContainerSpec spec,
      int run,
      Image image,
      Map<String, String> variables,
      SandboxPlan plan,
      Path place,
      Progress progress)
      throws StartException, ConfigurationException, IOException {
    ContainerLog log =
        new ContainerLog(directory.log(spec.name(), run), node.clock(), ContainerLog.MAX_BYTES);
    try {
      RunningContainer container =
          switch (image) {
            case Image.Program program -> {
              Sandbox sandbox = plan.program(program, variables);
              progress.created();
              yield ProcessContainer.start(newId(), sandbox, place, node.launcher(), log);
            }
            case Image.Builtin builtin -> {
              progress.created();
              yield builtin(pod, spec, builtin, variables, plan, place, log);
            }
          };
      return new Started(container, log, image);
    } catch (StartException | ConfigurationException e) {
      log.close();
      throw e;
    } catch (IOException e) {
      log.close();
      throw new StartException("StartError", String.valueOf(e.getMessage()));
    }
  }

  private RunningContainer builtin(
      ObjectNode pod,
      ContainerSpec spec,
      Image.Builtin image,
      Map<String, String> variables,
      SandboxPlan plan,
      Path place,
      ContainerLog log)
      throws StartException {
    InProcessProgram program = node.programs().get(image.program());
    if (program == null) {
      throw new StartException(
          "StartError",
          "this cluster runs no program \""
              + image.program()
              + "\" (expected: one of "
              + new TreeSet<>(node.programs().keySet())
              + ")");
    }
    try {
      return BuiltinContainer.start(
          newId(),
          program,
          lines ->
              new InProcessProgram.Context(
                  pod.deepCopy(),
                  spec.name(),
                  SandboxPlan.arguments(
                      spec.tree(), java.util.List.of(), java.util.List.of(), variables),
                  variables,
                  network,
                  volumes.serviceAccount(),
                  lines),
          request -> diagnostic(plan, variables, request),
          place,
          node.launcher(),
          log);
    } catch (Exception e) {
      throw new StartException("StartError", image.program() + ": " + e.getMessage());
    }
  }

  private static Sandbox diagnostic(
      SandboxPlan plan, Map<String, String> variables, ExecRequest request) {
    try {
      return plan.diagnostic(variables, request.command(), request.tty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Image resolve(ContainerSpec spec) throws StartException {
    try {
      return node.images().resolve(spec.image());
    } catch (ImageNotFoundException e) {
      throw new StartException("ErrImagePull", String.valueOf(e.getMessage()));
    }
  }

  private String newId() {
    byte[] id = new byte[32];
    node.random().nextBytes(id);
    return "heddle://" + HexFormat.of().formatHex(id);
  }
}

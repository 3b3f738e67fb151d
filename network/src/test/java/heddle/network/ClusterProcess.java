package heddle.network;

import heddle.network.ServiceForward.Protocol;
import heddle.network.Talk.Greeter;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A process of its own with a node, a pod and a load balancer; and the program that it runs. */
final class ClusterProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private ClusterProcess(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts the program as this user. */
  static ClusterProcess start(Path directory) throws IOException {
    return start(List.of(), System.getProperty("surefire.test.class.path"), directory);
  }

  /** Starts the program as an ordinary user in a user namespace. */
  static ClusterProcess startRootless(Path directory) throws IOException {
    List<String> prefix = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      prefix.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    }
    prefix.addAll(List.of("unshare", "-Urm"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    return start(prefix, readableClassPath(directory.resolve("lib")), directory.resolve("data"));
  }

  private static ClusterProcess start(List<String> prefix, String classPath, Path directory)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(List.of("-cp", classPath, ClusterProcess.class.getName()));
    command.add(directory.toString());
    return new ClusterProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Copies the class path to where every user can read it. */
  private static String readableClassPath(Path to) throws IOException {
    StringBuilder path = new StringBuilder();
    int n = 0;
    for (String entry : System.getProperty("surefire.test.class.path").split(File.pathSeparator)) {
      Path from = Path.of(entry);
      Path copy = to.resolve(n++ + "-" + from.getFileName());
      if (Files.exists(from)) {
        copy(from, copy);
        path.append(copy).append(File.pathSeparator);
      }
    }
    return path.toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path target = to.resolve(from.relativize(file).toString());
            if (file.equals(from)) {
              target = to;
            }
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The next line that the program prints. */
  String line() throws IOException {
    String line = out.readLine();
    return line == null ? "(ended)" : line;
  }

  /** Kills the program as the kernel does when memory runs out, and waits for its end. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /** Options with an id that no other run of these tests has. */
  static NodeOptions options(Path directory) {
    return NodeOptions.of(Integer.toHexString(directory.toString().hashCode()), directory);
  }

  /** Proves one round through service and balancer, prints the balancer's address, then waits. */
  public static void main(String[] arguments) throws Exception {
    NodeOptions options = options(Path.of(arguments[0]));
    try (LinuxNodeNetwork node = LinuxNodeNetwork.open(options);
        LoadBalancer balancer = node.addLoadBalancer()) {
      PodNetwork server = node.addPod("server");
      PodNetwork client = node.addPod("client");
      try (Greeter greeter = new Greeter(server, "hello", 8080)) {
        InetSocketAddress endpoint = new InetSocketAddress(server.address(), 8080);
        var address = balancer.address();
        node.services(
            List.of(
                new ServiceForward(Cidr.ipv4("10.96.7.7"), 80, Protocol.TCP, List.of(endpoint)),
                new ServiceForward(address, 80, Protocol.TCP, List.of(endpoint))));
        int port = balancer.listen(List.of(80)).get(80);
        System.out.println(Talk.call(client, "10.96.7.7", 80));
        System.out.println(Talk.call(client, address.getHostAddress(), 80));
        System.out.println(Talk.answer(SocketChannel.open(), new InetSocketAddress(address, port)));
        System.out.println(address.getHostAddress());
        System.in.transferTo(System.out);
      }
    }
  }
}

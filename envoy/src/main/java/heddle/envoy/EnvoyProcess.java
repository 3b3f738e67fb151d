package heddle.envoy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * An Envoy as a plain process of this machine, outside of any pod. It ends with {@link #close}, and
 * with this JVM at the latest.
 *
 * <p>The bootstrap must have an admin address; its port may be 0.
 */
public final class EnvoyProcess implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 20;
  private static final int REMEMBERED_LINES = 40;

  private final Process process;
  private final Path adminFile;
  private final Consumer<String> output;
  private final LongSupplier ticker;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Thread reader;
  private final Thread atExit;

  private EnvoyProcess(
      Process process, Path adminFile, Consumer<String> output, LongSupplier ticker) {
    this.process = process;
    this.adminFile = adminFile;
    this.output = output;
    this.ticker = ticker;
    this.reader = Thread.ofVirtual().name("envoy-output-" + process.pid()).start(this::read);
    this.atExit = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts one worker, without hot restart, so that any number of them can run side by side.
   *
   * @param bootstrap a file that Envoy reads: {@code .json} or {@code .yaml}
   * @param output is told each line that Envoy prints, access logs to {@code /dev/stdout} included,
   *     on a thread of this process
   * @param arguments more of Envoy's options, such as {@code -l debug}
   * @throws IOException if it cannot be started
   */
  public static EnvoyProcess start(
      EnvoyBinary binary, Path bootstrap, Consumer<String> output, String... arguments)
      throws IOException {
    Path adminFile = Files.createTempFile("heddle-envoy-admin", ".txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                binary.path().toString(),
                "--config-path",
                bootstrap.toString(),
                "--admin-address-path",
                adminFile.toString(),
                "--concurrency",
                "1",
                "--disable-hot-restart"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new EnvoyProcess(process, adminFile, output, System::nanoTime);
    } catch (IOException e) {
      Files.deleteIfExists(adminFile);
      throw e;
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (lastLines) {
          if (lastLines.size() == REMEMBERED_LINES) {
            lastLines.removeFirst();
          }
          lastLines.add(line);
        }
        output.accept(line);
      }
    } catch (IOException e) {
      output.accept("the output of Envoy cannot be read any more: " + e);
    }
  }

  /**
   * Waits until its admin page {@code /ready} says that it serves.
   *
   * @return this
   * @throws IOException if it ends, or is not ready in time; the message has its last lines
   */
  public EnvoyProcess awaitReady(Duration patience) throws IOException, InterruptedException {
    long deadline = ticker.getAsLong() + patience.toNanos();
    while (!ready()) {
      if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        reader.join();
        throw new IOException("Envoy ended with " + process.exitValue() + ":\n" + lastLines());
      }
      if (ticker.getAsLong() - deadline > 0) {
        throw new IOException("Envoy is not ready after " + patience + ":\n" + lastLines());
      }
    }
    return this;
  }

  private boolean ready() throws InterruptedException {
    try {
      return Files.size(adminFile) > 0 && send("GET", "/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String lastLines() {
    synchronized (lastLines) {
      return String.join("\n", lastLines);
    }
  }

  /**
   * Where its admin pages are, once it is ready.
   *
   * @throws IOException if it has not said so yet
   */
  public InetSocketAddress admin() throws IOException {
    String address = Files.readString(adminFile).strip();
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new IOException("Envoy has not opened its admin address yet (expected: in its file)");
    }
    return new InetSocketAddress(
        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  /**
   * An admin page, such as {@code /stats?usedonly}.
   *
   * @throws IOException if it does not answer 200
   */
  public String get(String page) throws IOException, InterruptedException {
    return page("GET", page);
  }

  /**
   * Posts to an admin page, such as {@code /drain_listeners?graceful}.
   *
   * @throws IOException if it does not answer 200
   */
  public String post(String page) throws IOException, InterruptedException {
    return page("POST", page);
  }

  private String page(String method, String page) throws IOException, InterruptedException {
    HttpResponse<String> response = send(method, page);
    if (response.statusCode() != 200) {
      throw new IOException(
          method + " " + page + " of Envoy's admin: " + response.statusCode() + response.body());
    }
    return response.body();
  }

  private HttpResponse<String> send(String method, String page)
      throws IOException, InterruptedException {
    InetSocketAddress admin = admin();
    URI uri = URI.create("http://" + admin.getHostString() + ":" + admin.getPort() + page);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(GRACE)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Ends it: asked first, killed when it does not go within five seconds. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
      reader.join();
      forgetAtExit();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      client.close();
      Files.deleteIfExists(adminFile);
    }
  }

  private void forgetAtExit() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is going down already, and the hook with it.
    }
  }
}

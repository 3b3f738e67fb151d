package heddle.workload;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** One client's connection; idle until the first byte of a request arrives. */
final class Connection implements AutoCloseable {

  /** Answers a request. */
  interface Handler {
    Reply answer(Request request) throws InterruptedException;
  }

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Socket socket;
  private final BufferedInputStream in;
  private final Handler handler;
  private final Clock clock;
  private boolean idle = true;

  Connection(Socket socket, Handler handler, Clock clock) throws IOException {
    this.socket = socket;
    this.handler = handler;
    this.clock = clock;
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Waits for a request and answers it.
   *
   * @param mayStay whether the connection may serve another one; asked when the answer is ready
   * @return whether it will
   */
  boolean serveOne(BooleanSupplier mayStay) throws IOException {
    int first = in.read();
    if (first < 0 || !become(false)) {
      return false;
    }
    try {
      var request = Request.read(first, in);
      var reply = handler.answer(request);
      boolean stay = request.keepAlive() && mayStay.getAsBoolean();
      write(reply, stay, request.method().equals("HEAD"));
      return stay && become(true);
    } catch (ProtocolException e) {
      write(Reply.of(400, "400 Bad Request: " + e.getMessage() + "\n"), false, false);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while answering");
    }
  }

  /** Ends the connection unless a request is open on it. */
  synchronized void closeIfIdle() {
    if (idle) {
      close();
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      System.err.println("cannot close a connection: " + e);
    }
  }

  private synchronized boolean become(boolean nowIdle) {
    idle = nowIdle;
    return !socket.isClosed();
  }

  private void write(Reply reply, boolean stay, boolean headOnly) throws IOException {
    byte[] body = reply.bytes();
    var head = new StringBuilder("HTTP/1.1 ").append(reply.status()).append(' ');
    head.append(reason(reply.status())).append("\r\n");
    reply.headers().forEach((name, value) -> header(head, name, value));
    header(head, "Date", DATE.format(clock.instant()));
    header(head, "Content-Length", Integer.toString(body.length));
    header(head, "Content-Type", "text/plain; charset=utf-8");
    if (!stay) {
      header(head, "Connection", "close");
    }
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    if (!headOnly) {
      out.writeBytes(body);
    }
    out.writeTo(socket.getOutputStream());
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 500 -> "Internal Server Error";
      default -> "";
    };
  }
}

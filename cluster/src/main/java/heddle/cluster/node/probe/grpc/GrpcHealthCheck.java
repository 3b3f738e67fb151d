package heddle.cluster.node.probe.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks {@code grpc.health.v1.Health/Check}, as a kubelet's gRPC probe does. Netty's codec speaks
 * HTTP/2, without an event loop; the socket is a blocking one, which its caller may have opened in
 * another namespace.
 *
 * @param port of the server, for the request's authority
 * @param service whose health is asked for; empty for the server's
 * @param timeout for each of the server's words
 */
public record GrpcHealthCheck(int port, String service, Duration timeout) {
  private static final String PATH = "/grpc.health.v1.Health/Check";
  private static final String UNIMPLEMENTED = "12";
  private static final int PREFIX = 5;
  private static final int LONGEST_MESSAGE = 64 * 1024;

  /**
   * Asks once.
   *
   * @param connected left open
   * @return why the service is not healthy, in a kubelet's words; empty when it is
   * @throws IOException if there is no answer, or none in gRPC
   */
  public Optional<String> ask(SocketChannel connected) throws IOException {
    Socket socket = connected.socket();
    socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    Answer answer = new Answer();
    EmbeddedChannel http2 =
        new EmbeddedChannel(
            Http2FrameCodecBuilder.forClient().build(),
            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    try {
      ask(http2, answer);
      exchange(http2, socket, answer);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      // The codec's own, which the embedded channel throws as they are.
      throw new IOException(e.getMessage(), e);
    } finally {
      ChannelFuture unused = http2.close();
    }
    return answer.problem();
  }

  private void ask(EmbeddedChannel http2, Answer answer) throws IOException {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .path(PATH)
            .authority("localhost:" + port)
            .set("content-type", "application/grpc")
            .set("te", "trailers")
            .set("user-agent", "kube-probe/1.33")
            .set("grpc-timeout", timeout.toMillis() + "m");
    Future<Http2StreamChannel> opened =
        new Http2StreamChannelBootstrap(http2).handler(answer).open();
    http2.runPendingTasks();
    Http2StreamChannel stream = opened.getNow();
    if (stream == null) {
      throw new IOException("cannot open an HTTP/2 stream", opened.cause());
    }
    ChannelFuture unused = stream.write(new DefaultHttp2HeadersFrame(headers));
    ChannelFuture unusedToo = stream.writeAndFlush(new DefaultHttp2DataFrame(request(), true));
    http2.runPendingTasks();
  }

  /** HealthCheckRequest, in which {@code service} is field 1, as a gRPC message. */
  private ByteBuf request() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream message = CodedOutputStream.newInstance(bytes);
    if (!service.isEmpty()) {
      message.writeString(1, service);
    }
    message.flush();
    return Unpooled.buffer().writeByte(0).writeInt(bytes.size()).writeBytes(bytes.toByteArray());
  }

  private static void exchange(EmbeddedChannel http2, Socket socket, Answer answer)
      throws IOException {
    OutputStream output = socket.getOutputStream();
    InputStream input = socket.getInputStream();
    byte[] buffer = new byte[8192];
    while (!answer.complete) {
      send(http2, output);
      int read = input.read(buffer);
      if (read < 0) {
        throw new IOException("EOF");
      }
      http2.writeInbound(Unpooled.copiedBuffer(buffer, 0, read));
    }
  }

  private static void send(EmbeddedChannel http2, OutputStream output) throws IOException {
    for (ByteBuf out = http2.readOutbound(); out != null; out = http2.readOutbound()) {
      try {
        out.readBytes(output, out.readableBytes());
      } finally {
        out.release();
      }
    }
    output.flush();
  }

  /** What comes back on the one stream. */
  private static final class Answer extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private String httpStatus = "";
    private String status = "";
    private String text = "";
    private boolean complete;

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) throws IOException {
      try {
        switch (frame) {
          case Http2HeadersFrame headers -> headers(headers);
          case Http2DataFrame data -> {
            if (message.size() < LONGEST_MESSAGE) {
              data.content().readBytes(message, data.content().readableBytes());
            }
            complete |= data.isEndStream();
          }
          case Http2ResetFrame reset -> {
            text = "the stream was reset with code " + reset.errorCode();
            complete = true;
          }
          default -> {
            // Settings, pings and windows are the codec's business.
          }
        }
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }

    private void headers(Http2HeadersFrame frame) {
      if (frame.headers().status() != null) {
        httpStatus = frame.headers().status().toString();
      }
      status = text(frame.headers(), "grpc-status", status);
      text = text(frame.headers(), "grpc-message", text);
      complete |= frame.isEndStream();
    }

    private static String text(Http2Headers headers, String name, String otherwise) {
      CharSequence value = headers.get(name);
      return value == null ? otherwise : value.toString();
    }

    Optional<String> problem() throws IOException {
      if (status.equals(UNIMPLEMENTED)) {
        return Optional.of(
            "error: this server does not implement the grpc health protocol"
                + " (grpc.health.v1.Health): "
                + text);
      }
      if (!status.equals("0")) {
        return Optional.of(
            "error: health rpc probe failed: grpc status %s, http status %s: %s"
                .formatted(
                    status.isEmpty() ? "none" : status,
                    httpStatus.isEmpty() ? "none" : httpStatus,
                    text));
      }
      String word = word(serving());
      return word.equals("SERVING")
          ? Optional.empty()
          : Optional.of("service unhealthy (responded with \"" + word + "\")");
    }

    /** HealthCheckResponse, in which {@code status} is field 1. */
    private int serving() throws IOException {
      byte[] bytes = message.toByteArray();
      if (bytes.length < PREFIX) {
        throw new IOException("the answer has no message");
      }
      CodedInputStream input = CodedInputStream.newInstance(bytes, PREFIX, bytes.length - PREFIX);
      int value = 0;
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (tag == 1 << 3) {
          value = input.readEnum();
        } else {
          input.skipField(tag);
        }
      }
      return value;
    }

    private static String word(int serving) {
      return switch (serving) {
        case 1 -> "SERVING";
        case 2 -> "NOT_SERVING";
        case 3 -> "SERVICE_UNKNOWN";
        default -> "UNKNOWN";
      };
    }
  }
}

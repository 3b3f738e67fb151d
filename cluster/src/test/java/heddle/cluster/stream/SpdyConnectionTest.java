package heddle.cluster.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpdyConnectionTest {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final List<SpdyStream> opened = new ArrayList<>();

  private static EmbeddedChannel spdy() {
    return new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  }

  private static byte[] bytes(Object... frames) {
    EmbeddedChannel channel = spdy();
    channel.writeOutbound(frames);
    var bytes = new ByteArrayOutputStream();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      byte[] copy = new byte[part.readableBytes()];
      part.readBytes(copy).release();
      bytes.writeBytes(copy);
    }
    return bytes.toByteArray();
  }

  private static Object syn(int id, String type) {
    var syn = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
    syn.headers().set("streamtype", type);
    return syn;
  }

  private static Object data(int id, String text, boolean last) {
    return new DefaultSpdyDataFrame(
            id, Unpooled.copiedBuffer(text, java.nio.charset.StandardCharsets.UTF_8))
        .setLast(last);
  }

  private void receive(InputStream in) throws IOException {
    new SpdyConnection(in, sent, opened::add).run();
  }

  private List<Object> answers() {
    EmbeddedChannel channel = spdy();
    channel.writeInbound(Unpooled.copiedBuffer(sent.toByteArray()));
    var frames = new ArrayList<>();
    for (Object frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
      frames.add(frame);
    }
    return frames;
  }

  @Test
  void acknowledgesEachStreamAndKeepsTheirDataApart() throws IOException {
    byte[] client =
        bytes(
            syn(1, "error"),
            syn(3, "stdin"),
            data(3, "in", false),
            data(1, "err", true),
            data(3, "put", true));

    receive(new ByteArrayInputStream(client));

    assertThat(opened).extracting(s -> s.header("streamtype")).containsExactly("error", "stdin");
    assertThat(opened.get(0).input()).hasContent("err");
    assertThat(opened.get(1).input()).hasContent("input");
    assertThat(answers())
        .hasSize(2)
        .allSatisfy(f -> assertThat(f).isInstanceOf(SpdySynReplyFrame.class))
        .extracting(f -> ((SpdySynReplyFrame) f).streamId())
        .containsExactly(1, 3);
  }

  @Test
  void answersPingsWithTheSameId() throws IOException {
    receive(new ByteArrayInputStream(bytes(new DefaultSpdyPingFrame(7))));

    assertThat(((SpdyPingFrame) answers().getFirst()).id()).isEqualTo(7);
  }

  @Test
  void endsTheInputOfAStreamThatTheClientResets() throws IOException {
    receive(
        new ByteArrayInputStream(
            bytes(syn(1, "data"), data(1, "x", false), new DefaultSpdyRstStreamFrame(1, 5))));

    assertThat(opened.getFirst().input()).hasContent("x");
  }

  @Test
  void finishesAStreamOnceHoweverOftenItIsClosed() throws IOException {
    var connection =
        new SpdyConnection(
            new ByteArrayInputStream(bytes(syn(1, "data"))),
            sent,
            stream -> {
              try {
                stream.output().write("bye".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                stream.output().close();
                stream.output().close();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    connection.run();

    assertThat(answers().stream().filter(SpdyDataFrame.class::isInstance))
        .extracting(f -> ((SpdyDataFrame) f).isLast())
        .containsExactly(false, true);
  }

  @Property(tries = 100)
  void framesMayArriveInPiecesOfAnySize(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 40) Integer> sizes)
      throws IOException {
    byte[] client =
        bytes(syn(1, "stdin"), data(1, "hello ", false), syn(3, "error"), data(1, "you", true));
    var pieces = new ArrayList<InputStream>();
    int start = 0;
    for (int i = 0; start < client.length; i++) {
      int end = Math.min(client.length, start + sizes.get(i % sizes.size()));
      pieces.add(new ByteArrayInputStream(Arrays.copyOfRange(client, start, end)));
      start = end;
    }
    var streams = new ArrayList<SpdyStream>();

    new SpdyConnection(
            new SequenceInputStream(Collections.enumeration(pieces)),
            new ByteArrayOutputStream(),
            streams::add)
        .run();

    assertThat(streams).hasSize(2);
    assertThat(streams.getFirst().input()).hasContent("hello you");
  }

  @Property(tries = 500)
  void damagedBytesEndTheConnectionAndNothingElse(
      @ForAll @IntRange(max = 200) int at, @ForAll byte damage) {
    byte[] client =
        bytes(syn(1, "stdin"), data(1, "hello", false), syn(3, "error"), data(3, "x", true));
    client[at % client.length] = damage;
    try {
      new SpdyConnection(
              new ByteArrayInputStream(client), new ByteArrayOutputStream(), stream -> {})
          .run();
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }
}

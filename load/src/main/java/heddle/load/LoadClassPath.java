package heddle.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolver;
import io.netty.util.AttributeMap;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Where this module and its libraries are, for whoever runs it in a process of its own. */
public final class LoadClassPath {
  private static final String EPOLL = "META-INF/native/libnetty_transport_native_epoll_x86_64.so";

  private LoadClassPath() {}

  /** Absolute paths of jars and class directories; enough, and nothing of any other module. */
  public static List<Path> entries() {
    // One class of each library.
    Stream<Path> code =
        Stream.of(
                LoadGenerator.class,
                Histogram.class,
                HttpClientCodec.class,
                JdkZlibDecoder.class,
                ByteToMessageDecoder.class,
                SslHandler.class,
                Epoll.class,
                UnixChannel.class,
                Channel.class,
                AddressResolver.class,
                ByteBuf.class,
                AttributeMap.class)
            .map(LoadClassPath::codeOf);
    return Stream.concat(code, epollLibrary().stream()).distinct().toList();
  }

  private static Path codeOf(Class<?> type) {
    URL source = type.getProtectionDomain().getCodeSource().getLocation();
    try {
      return Path.of(source.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("where " + type + " was loaded from: " + source, e);
    }
  }

  /** The jar of epoll's library, which has no class; where it is missing NIO is used. */
  private static Optional<Path> epollLibrary() {
    URL found = LoadClassPath.class.getClassLoader().getResource(EPOLL);
    try {
      return found != null && found.openConnection() instanceof JarURLConnection jar
          ? Optional.of(Path.of(jar.getJarFileURL().toURI()))
          : Optional.empty();
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("where " + EPOLL + " was loaded from: " + found, e);
    }
  }
}

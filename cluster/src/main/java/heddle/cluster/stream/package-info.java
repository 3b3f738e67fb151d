/**
 * The subresources that carry streams: exec, attach, port-forward, logs and the proxies of pods and
 * services, over SPDY/3.1, WebSockets and plain HTTP as kubectl and the client libraries speak
 * them.
 *
 * <p>{@link heddle.cluster.stream.StreamEndpoints} makes what the API server is given. Everything
 * below it works on plain streams of bytes: {@link heddle.cluster.stream.SpdyConnection} and {@link
 * heddle.cluster.stream.WebSocketConnection} take a connection apart into channels, {@code
 * RemoteCommand} and {@code PortForward} join channels and processes. Frames are Netty's.
 */
@NullMarked
package heddle.cluster.stream;

import org.jspecify.annotations.NullMarked;

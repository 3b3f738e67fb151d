/**
 * Opens sockets, each in the network namespace of the pod it belongs to.
 *
 * <p>Called by the other packages of the proxy; {@link heddle.proxy.socket.SocketNamespace} is
 * implemented by whoever owns the namespaces. Public face: {@link
 * heddle.proxy.socket.SocketNamespace}, {@link heddle.proxy.socket.Transport}.
 */
@NullMarked
package heddle.proxy.socket;

import org.jspecify.annotations.NullMarked;

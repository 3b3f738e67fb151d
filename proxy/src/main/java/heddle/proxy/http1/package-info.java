/**
 * HTTP/1.1 on the wire: strict decoding on Netty's decoders, lean encoding, headers as one list.
 *
 * <p>Called by {@code upstream}, {@code http} and {@code admin}. Public face: {@link
 * heddle.proxy.http1.H1}, {@link heddle.proxy.http1.HeaderBlock}, {@link
 * heddle.proxy.http1.KnownNames}, {@link heddle.proxy.http1.HeadWriter}, {@link
 * heddle.proxy.http1.RequestDecoder}, {@link heddle.proxy.http1.ResponseDecoder}.
 */
@NullMarked
package heddle.proxy.http1;

import org.jspecify.annotations.NullMarked;

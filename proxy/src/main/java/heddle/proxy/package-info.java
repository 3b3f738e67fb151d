/** Serves traffic on Netty from xDS alone. */
@NullMarked
package heddle.proxy;

import org.jspecify.annotations.NullMarked;

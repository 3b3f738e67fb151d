/**
 * Writes one line per request or connection, in Envoy's format language.
 *
 * <p>Called by {@code http} and {@code tcp}. Public face: {@link heddle.proxy.accesslog.LogFormat},
 * {@link heddle.proxy.accesslog.LogRecord}, {@link heddle.proxy.accesslog.LineSink}.
 */
@NullMarked
package heddle.proxy.accesslog;

import org.jspecify.annotations.NullMarked;

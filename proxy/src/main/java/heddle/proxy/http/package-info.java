/**
 * The HTTP connection manager and the router: from a downstream connection's bytes to an upstream
 * attempt and back.
 *
 * <p>Called by {@code listener}, on the sidecar's event loop. In reading order: {@link
 * heddle.proxy.http.HttpConnection} (one downstream connection), {@code Exchange} (one request and
 * its response; the states are drawn there), {@code RequestChecks} and {@code Router} (whether it
 * is let in, and where it goes), {@code Forwarding} (attempts and retries), {@code Attempt} (one
 * try at a host), {@code RetryState} (whether there is another), {@code Response} (what the client
 * gets), {@code StreamInfo} (what the access log says). Public face: {@link
 * heddle.proxy.http.HttpConnection}, {@link heddle.proxy.http.HcmConfig}, {@link
 * heddle.proxy.http.Routes}, {@link heddle.proxy.http.HttpEnvironment}, {@link
 * heddle.proxy.http.Drain}.
 */
@NullMarked
package heddle.proxy.http;

import org.jspecify.annotations.NullMarked;

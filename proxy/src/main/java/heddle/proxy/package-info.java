/**
 * Serves traffic on Netty from xDS alone: the embedded data plane.
 *
 * <p>Called by {@code cli}, which starts one {@link heddle.proxy.ProxyServer} per process and one
 * {@link heddle.proxy.Sidecar} per injected pod or gateway. Public face: {@link
 * heddle.proxy.ProxyServer}, {@link heddle.proxy.Sidecar}, {@link heddle.proxy.SidecarOptions}.
 *
 * <p>A sidecar lives on one event loop, as an Envoy with {@code --concurrency 1}: all its state is
 * touched by that thread only. A request's way through the packages:
 *
 * <pre>
 *   listener ── http ──▶ xds.route (which route) ── http (router) ──▶ upstream (which host, pool)
 *        └───── tcp ────────────────────────────────────────────────▶ upstream
 *   applier: xDS messages ──▶ configuration of all of these       admin, stats, accesslog: beside
 * </pre>
 */
@NullMarked
package heddle.proxy;

import org.jspecify.annotations.NullMarked;

/**
 * Decides, without any I/O, which route a request takes: virtual host, route, action.
 *
 * <p>Called by the embedded proxy for each request and by {@code explain} for a hypothetical one.
 * Public face: {@link heddle.xds.route.RouteTable} (compiled from an Envoy {@code
 * RouteConfiguration}), {@link heddle.xds.route.RequestView}, {@link heddle.xds.route.Selection},
 * {@link heddle.xds.route.RouteEntry}, {@link heddle.xds.route.Action} and what they are made of.
 */
@NullMarked
package heddle.xds.route;

import org.jspecify.annotations.NullMarked;

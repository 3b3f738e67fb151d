/**
 * Clusters of one sidecar: hosts, balancing, breakers, outlier detection, health checks, discovery
 * and connection pools.
 *
 * <p>Called by the HTTP router, the TCP proxy and the admin interface, always on the sidecar's
 * event loop. Public face: {@link heddle.proxy.upstream.Clusters}, {@link
 * heddle.proxy.upstream.Cluster}, {@link heddle.proxy.upstream.Host}, {@link
 * heddle.proxy.upstream.ClusterConfig}, {@link heddle.proxy.upstream.UpstreamStream}, {@link
 * heddle.proxy.upstream.UpstreamConnection}, {@link heddle.proxy.upstream.Reset}.
 */
@NullMarked
package heddle.proxy.upstream;

import org.jspecify.annotations.NullMarked;

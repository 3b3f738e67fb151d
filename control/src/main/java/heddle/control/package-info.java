/**
 * The control plane: watches resources, compiles the mesh, publishes snapshots, reports conditions,
 * and answers the admission webhooks. It sees a Kubernetes API and nothing else of the cluster.
 *
 * <pre>
 *   view ──▶ rebuild ──▶ (mesh) ──▶ publish ──▶ DiscoveryService ──▶ data planes
 *                           │                          │ refusals
 *                           ├──▶ report ◀──────────────┘
 *                           ├──▶ cloudmap ──▶ EndpointSlices for DNS, readiness gates
 *                           └──▶ webhook, inject
 * </pre>
 *
 * <p>Called by {@code cli}, which runs it as the program of Deployment {@code
 * appmesh-system/appmesh-controller}. Public: {@link heddle.control.ControlPlane}, {@link
 * heddle.control.DiscoveryService}.
 */
@NullMarked
package heddle.control;

import org.jspecify.annotations.NullMarked;

/**
 * Asks containers how they are: startup, liveness and readiness probes, and the HTTP calls of life
 * cycle hooks. Pods are the only caller; public are {@link heddle.cluster.node.probe.Probe}, {@link
 * heddle.cluster.node.probe.Prober} and {@link heddle.cluster.node.probe.ProbeLoop}.
 */
@NullMarked
package heddle.cluster.node.probe;

import org.jspecify.annotations.NullMarked;

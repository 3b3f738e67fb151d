/**
 * Puts a pod's volumes on disk and keeps them fresh: ConfigMaps, Secrets, the downward API, tokens
 * and empty directories. Pods are the only caller; public are {@link
 * heddle.cluster.node.volume.PodVolumes}, {@link
 * heddle.cluster.node.volume.ConfigurationException}, {@link
 * heddle.cluster.node.volume.FieldReference} and {@link heddle.cluster.node.volume.PodTokens}.
 */
@NullMarked
package heddle.cluster.node.volume;

import org.jspecify.annotations.NullMarked;

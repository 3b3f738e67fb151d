/**
 * Reads YAML and JSON into trees that remember where they came from.
 *
 * <p>Called by {@code resource} (which gives the trees types), the CLI and everything that applies
 * documents through a Kubernetes API. Public face: {@link heddle.manifest.ManifestReader} makes
 * {@link heddle.manifest.Document}s out of {@link heddle.manifest.Node}s; every node has an {@link
 * heddle.manifest.Origin}; whatever is wrong is a {@link heddle.manifest.Diagnostic} with a {@link
 * heddle.manifest.FieldPath}, thrown together as one {@link heddle.manifest.ManifestException}.
 *
 * <p>Input is hostile until read: size, depth, aliases and expanded size are bounded by {@link
 * heddle.manifest.ReadLimits}. Scalars mean what Kubernetes' own YAML reader makes of them.
 */
@NullMarked
package heddle.manifest;

import org.jspecify.annotations.NullMarked;

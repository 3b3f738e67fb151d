/**
 * What every dialect's resources have in common: identity, labels and selectors, and the way from a
 * {@link heddle.manifest.Document} to a typed record.
 *
 * <p>Called by {@code mesh}, {@code control} and the CLI. Public face: {@link
 * heddle.resource.Resource}, {@link heddle.resource.ResourceKey}, {@link
 * heddle.resource.ObjectMeta}, {@link heddle.resource.LabelSelector}, {@link
 * heddle.resource.Decoded}. A dialect lives in a package below, such as {@code appmesh}.
 */
@NullMarked
package heddle.resource;

import org.jspecify.annotations.NullMarked;

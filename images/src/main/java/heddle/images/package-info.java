/**
 * Turns an image reference into a root file system or a built-in program.
 *
 * <p>The node agent asks an {@link heddle.images.ImageResolver} for each container; {@code cli}
 * builds the one that Heddle has, {@link heddle.images.Catalogue}, from the paths in {@link
 * heddle.images.Programs}, the user's {@link heddle.images.ImageFile} and the machine's Envoy, by
 * {@link heddle.images.HostEnvoy}. The answer is an {@link heddle.images.Image}, or an {@link
 * heddle.images.ImageNotFoundException} that says what to do.
 */
@NullMarked
package heddle.images;

import org.jspecify.annotations.NullMarked;

/** Turns an image reference into a root file system or a built-in program. */
@NullMarked
package heddle.images;

import org.jspecify.annotations.NullMarked;

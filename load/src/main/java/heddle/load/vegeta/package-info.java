/**
 * The {@code vegeta} command of container images: attack and report, joined by pipes.
 *
 * <p>{@link heddle.load.vegeta.Vegeta} is its main class, started by a script that {@code images}
 * writes; nothing else calls it. It understands the flags that this load generator can honour and
 * refuses the others by name.
 */
@NullMarked
package heddle.load.vegeta;

import org.jspecify.annotations.NullMarked;

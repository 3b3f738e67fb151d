/** Is the only place where everything meets: verbs, wiring, end-to-end tests. */
@NullMarked
package heddle.cli;

import org.jspecify.annotations.NullMarked;

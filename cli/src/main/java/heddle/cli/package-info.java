/**
 * The command line: one class per verb, and the only module where everything meets.
 *
 * <p>{@link heddle.cli.Heddle} is the program; nothing else here is meant to be called.
 */
@NullMarked
package heddle.cli;

import org.jspecify.annotations.NullMarked;

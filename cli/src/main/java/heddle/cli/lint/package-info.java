/**
 * How diagnostics are shown: to people, to programs, to code scanners.
 *
 * <p>Used by the verbs. Public face: {@link heddle.cli.lint.LintFormat}.
 */
@NullMarked
package heddle.cli.lint;

import org.jspecify.annotations.NullMarked;

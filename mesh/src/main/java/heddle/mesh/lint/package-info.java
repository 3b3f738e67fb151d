/**
 * Judges and compiles manifests without a cluster. Called by the CLI's {@code lint}, {@code
 * compile} and {@code explain}. Public face: {@link heddle.mesh.lint.Lint} and {@link
 * heddle.mesh.lint.LintReport}.
 */
@NullMarked
package heddle.mesh.lint;

import org.jspecify.annotations.NullMarked;

/** One file format and one runner: manifests, load, steps, expectations. */
@NullMarked
package heddle.scenario;

import org.jspecify.annotations.NullMarked;

/**
 * The sample applications of the walkthroughs, as tiny servers with no dependency beyond the JDK.
 *
 * <p>Each application is a class with a {@code main} that an image's entry point starts: {@link
 * heddle.workload.RetryTest}, {@link heddle.workload.ColorApp} and {@link
 * heddle.workload.FrontApp}. They are started by {@code images}, never called by other modules;
 * tests build them on port 0.
 */
@NullMarked
package heddle.workload;

import org.jspecify.annotations.NullMarked;

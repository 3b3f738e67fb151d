/** The sample applications of the walkthroughs, with no dependency beyond the JDK. */
@NullMarked
package heddle.workload;

import org.jspecify.annotations.NullMarked;

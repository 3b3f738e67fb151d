/** Open-loop load generator and its report. */
@NullMarked
package heddle.load;

import org.jspecify.annotations.NullMarked;

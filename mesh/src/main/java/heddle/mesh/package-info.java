/** Turns any dialect into one mesh model, and the model into xDS; pure, no I/O, no clock. */
@NullMarked
package heddle.mesh;

import org.jspecify.annotations.NullMarked;

/** Watches resources, compiles the mesh, publishes snapshots, reports conditions. */
@NullMarked
package heddle.control;

import org.jspecify.annotations.NullMarked;

/**
 * Objects of the API as JSON trees, and the one way to read, write and watch them inside this
 * process.
 */
@NullMarked
package heddle.cluster.object;

import org.jspecify.annotations.NullMarked;

/**
 * What is served: the built-in and custom kinds with their names, versions, defaults and rules. The
 * operations on objects and the HTTP server look everything up in {@link Types}; {@link Definition}
 * describes a kind, {@link Served} one of its versions.
 */
@NullMarked
package heddle.cluster.type;

import org.jspecify.annotations.NullMarked;

/**
 * The shape of kinds, built-in and custom, as structural schemas: {@link Schema} finds its way
 * through one, {@link BuiltinSchemas} has those of the built-in kinds, {@link Pruning} and {@link
 * Validation} apply one to an object. Callers are the operations, patches and OpenAPI documents.
 */
@NullMarked
package heddle.cluster.schema;

import org.jspecify.annotations.NullMarked;

/**
 * A small structural schema: one description of a kind serves to check documents with their
 * positions, and to write the kind's CustomResourceDefinition. Called by the dialect packages.
 * Public face: {@link heddle.resource.schema.Schema}, {@link heddle.resource.schema.SchemaCheck},
 * {@link heddle.resource.schema.CrdWriter}.
 */
@NullMarked
package heddle.resource.schema;

import org.jspecify.annotations.NullMarked;

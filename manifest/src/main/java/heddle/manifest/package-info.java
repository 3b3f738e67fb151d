/** Reads YAML and JSON into trees that remember where they came from. */
@NullMarked
package heddle.manifest;

import org.jspecify.annotations.NullMarked;

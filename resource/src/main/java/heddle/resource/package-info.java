/** Types every supported kind as records, with codec, validation and CRD output. */
@NullMarked
package heddle.resource;

import org.jspecify.annotations.NullMarked;

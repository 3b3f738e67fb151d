/**
 * The one way to read and change objects, for HTTP requests and for this process alike. {@link
 * Operations} runs a write through decoding, defaults, admission, validation and the store; {@link
 * InProcess} offers it as {@link heddle.cluster.object.Objects}; {@link Call} says on whose behalf.
 */
@NullMarked
package heddle.cluster.operation;

import org.jspecify.annotations.NullMarked;

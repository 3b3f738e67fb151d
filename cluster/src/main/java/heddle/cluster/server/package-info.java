/**
 * The API over HTTP: paths, verbs, content types, watches and errors as Kubernetes has them. {@link
 * Subresource} is how others answer what is not a plain read or write of objects, through an {@link
 * Exchange}.
 */
@NullMarked
package heddle.cluster.server;

import org.jspecify.annotations.NullMarked;

/**
 * Empties namespaces that are being deleted. Public: {@link
 * heddle.cluster.controller.namespace.NamespaceController}.
 */
@NullMarked
package heddle.cluster.controller.namespace;

import org.jspecify.annotations.NullMarked;

/**
 * Records what controllers and the node agent have to say about objects, as Kubernetes Events.
 * Public is {@link heddle.cluster.event.EventRecorder}.
 */
@NullMarked
package heddle.cluster.event;

import org.jspecify.annotations.NullMarked;

/**
 * Keeps the Endpoints and EndpointSlices of services equal to their pods. Public: {@link
 * heddle.cluster.controller.endpoints.EndpointsController}.
 */
@NullMarked
package heddle.cluster.controller.endpoints;

import org.jspecify.annotations.NullMarked;

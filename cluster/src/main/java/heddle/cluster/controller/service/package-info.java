/**
 * Makes Services work on the network: addresses forwarded to endpoints, names in DNS, load
 * balancers. Public is {@link heddle.cluster.controller.service.ServiceController}.
 */
@NullMarked
package heddle.cluster.controller.service;

import org.jspecify.annotations.NullMarked;

/**
 * How the API server reaches into the cluster's network: for webhooks and for the proxies of
 * services and pods. {@link heddle.cluster.dial.NodeDialer} is the one way in, {@link
 * heddle.cluster.dial.ServiceResolver} turns a service into an address, {@link
 * heddle.cluster.dial.HttpConnection} speaks HTTP/1.1 over what was dialled.
 */
@NullMarked
package heddle.cluster.dial;

import org.jspecify.annotations.NullMarked;

/** Holds Envoy v3 messages, snapshots, and the ADS server and client; knows no Heddle kind. */
@NullMarked
package heddle.xds;

import org.jspecify.annotations.NullMarked;

/**
 * AWS Cloud Map as a cluster has it: a service is an EndpointSlice. Used by {@code heddle.control}.
 * Public: {@link heddle.control.cloudmap.CloudMap}, {@link
 * heddle.control.cloudmap.CloudMapServices}.
 *
 * <p>For each Cloud Map service that a virtual node names there is one EndpointSlice in the
 * controller's namespace, with the label {@value heddle.control.cloudmap.CloudMap#LABEL} whose
 * value is {@code <service>.<namespace>}: the DNS name. Its endpoints are the registered instances:
 * pods of those nodes whose containers are ready and whose deletion has not begun. Whoever answers
 * DNS reads these slices (in all namespaces, by the label's presence) and answers A queries of that
 * name with the addresses of the endpoints that are ready.
 *
 * <p>A Cloud Map namespace exists as soon as a virtual node names it. Pods with the readiness gate
 * {@code conditions.appmesh.k8s.aws/aws-cloudmap-healthy} get that condition when they are
 * registered; App Mesh waited until Cloud Map had called them healthy for 20 seconds.
 */
@NullMarked
package heddle.control.cloudmap;

import org.jspecify.annotations.NullMarked;

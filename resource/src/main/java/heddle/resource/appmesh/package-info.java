/**
 * AWS App Mesh's Kubernetes kinds, {@code appmesh.k8s.aws/v1beta2}: records with the whole field
 * set, the rules of the API and of the App Mesh controller's webhooks, and their
 * CustomResourceDefinitions.
 *
 * <p>Called by {@code mesh} and {@code control}. Public face: {@link
 * heddle.resource.appmesh.AppMeshCodec} decodes; {@link heddle.resource.appmesh.AppMeshResource} is
 * one of {@link heddle.resource.appmesh.Mesh}, {@link heddle.resource.appmesh.VirtualNode}, {@link
 * heddle.resource.appmesh.VirtualService}, {@link heddle.resource.appmesh.VirtualRouter}, {@link
 * heddle.resource.appmesh.VirtualGateway}, {@link heddle.resource.appmesh.GatewayRoute}, {@link
 * heddle.resource.appmesh.BackendGroup}; {@link heddle.resource.appmesh.AppMeshCrds} and {@link
 * heddle.resource.appmesh.AppMeshAdmission} serve a cluster.
 */
@NullMarked
package heddle.resource.appmesh;

import org.jspecify.annotations.NullMarked;

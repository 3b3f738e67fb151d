package heddle.mesh.appmesh;

import heddle.resource.ResourceKey;
import heddle.resource.appmesh.AppMeshResource;

/**
 * What one asks while working something out; see {@link Reuse}. To be asked again of a later mesh,
 * so it names things instead of holding them.
 */
sealed interface Question {

  /** Those that {@link MeshIndex} answers. */
  sealed interface OfIndex extends Question {}

  /** Which object has this name. */
  record Named(ResourceKey key) implements OfIndex {}

  /** Which object has this App Mesh name. */
  record Called(String place) implements OfIndex {}

  /** Which mesh an object belongs to. */
  record MeshOf(ResourceKey key) implements OfIndex {}

  /** Which objects of a kind belong to any mesh. */
  record Members(Class<? extends AppMeshResource> kind) implements OfIndex {}

  /** Which Kubernetes service has this name. */
  record Service(String namespace, String name) implements OfIndex {}

  /** Which nodes register in a Cloud Map service. */
  record Registered(String place) implements OfIndex {}

  /** Whether something was found wrong with an object. */
  record Failed(ResourceKey key) implements Question {}

  /** What was worked out. */
  record Result(Subject subject) implements Question {}

  /** What there is to work out: one thing about one object. */
  record Subject(Aspect aspect, ResourceKey key) {}

  /** What is worked out about objects, in the order in which it is. */
  enum Aspect {
    /** How clients reach a node. */
    UPSTREAMS,
    /** What a router's ports do. */
    PORTS,
    /** What calling a service means. */
    SERVICE,
    /** What a node's sidecars do. */
    SIDECAR
  }
}

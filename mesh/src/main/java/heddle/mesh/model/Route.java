package heddle.mesh.model;

/** What happens to the requests that match. */
public record Route(String name, RouteMatch match, RouteAction action, Provenance from) {}

package heddle.mesh.model;

/**
 * A part of the requests.
 *
 * @param upstream by name
 * @param weight relative to the other shares
 */
public record Share(String upstream, int weight, Provenance from) {}

package heddle.mesh.model;

import heddle.resource.ResourceKey;

/**
 * What a resource's condition says after a compilation.
 *
 * @param active whether it takes effect
 * @param reason one CamelCase word: {@code Active}, {@code ReferenceNotFound}, {@code
 *     PendingReference}, {@code NoMesh}, {@code Conflict} or {@code Unsupported}
 * @param message a sentence for people; empty when active
 */
public record ResourceStatus(ResourceKey key, boolean active, String reason, String message) {}

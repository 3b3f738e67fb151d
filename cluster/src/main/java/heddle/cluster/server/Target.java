package heddle.cluster.server;

/**
 * What a path under {@code /api} or {@code /apis} names. Absent parts are empty.
 *
 * @param method HTTP method
 * @param verb Kubernetes' verb: get, list, watch, create, update, patch, delete, deletecollection
 * @param resource plural, such as {@code pods}
 * @param subresource such as {@code log}
 * @param rest what follows the subresource, with a leading slash: the path of a proxied request
 */
public record Target(
    String method,
    String verb,
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource,
    String rest) {}

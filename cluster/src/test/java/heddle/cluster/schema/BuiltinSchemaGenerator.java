package heddle.cluster.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Derives the schemas of the built-in kinds from Kubernetes' protobuf descriptors, and what those
 * do not say (merge keys, list types) from the tables here. The result is checked in, so that a
 * cluster starts without loading four thousand generated classes.
 */
final class BuiltinSchemaGenerator {
  private static final String META = "k8s.io.apimachinery.pkg.apis.meta.v1.";

  private static final List<FileDescriptor> FILES =
      List.of(
          V1.getDescriptor(),
          V1Apps.getDescriptor(),
          V1Rbac.getDescriptor(),
          V1Apiextensions.getDescriptor(),
          V1Admissionregistration.getDescriptor(),
          V1Discovery.getDescriptor(),
          V1Coordination.getDescriptor(),
          V1Scheduling.getDescriptor(),
          V1Authentication.getDescriptor(),
          V1Authorization.getDescriptor(),
          V1Policy.getDescriptor(),
          V1Autoscaling.getDescriptor());

  /** Kind to API group, all of version v1. */
  private static final Map<String, String> ROOTS =
      Map.ofEntries(
          core("Binding"),
          core("ConfigMap"),
          core("Endpoints"),
          core("Event"),
          core("Namespace"),
          core("Node"),
          core("Pod"),
          core("Secret"),
          core("Service"),
          core("ServiceAccount"),
          Map.entry("Deployment", "apps"),
          Map.entry("ReplicaSet", "apps"),
          Map.entry("Role", "rbac.authorization.k8s.io"),
          Map.entry("RoleBinding", "rbac.authorization.k8s.io"),
          Map.entry("ClusterRole", "rbac.authorization.k8s.io"),
          Map.entry("ClusterRoleBinding", "rbac.authorization.k8s.io"),
          Map.entry("CustomResourceDefinition", "apiextensions.k8s.io"),
          Map.entry("MutatingWebhookConfiguration", "admissionregistration.k8s.io"),
          Map.entry("ValidatingWebhookConfiguration", "admissionregistration.k8s.io"),
          Map.entry("EndpointSlice", "discovery.k8s.io"),
          Map.entry("Lease", "coordination.k8s.io"),
          Map.entry("PriorityClass", "scheduling.k8s.io"),
          Map.entry("TokenReview", "authentication.k8s.io"),
          Map.entry("TokenRequest", "authentication.k8s.io"),
          Map.entry("SelfSubjectReview", "authentication.k8s.io"),
          Map.entry("SubjectAccessReview", "authorization.k8s.io"),
          Map.entry("SelfSubjectAccessReview", "authorization.k8s.io"),
          Map.entry("SelfSubjectRulesReview", "authorization.k8s.io"),
          Map.entry("LocalSubjectAccessReview", "authorization.k8s.io"),
          Map.entry("Eviction", "policy"),
          Map.entry("Scale", "autoscaling"));

  private static Map.Entry<String, String> core(String kind) {
    return Map.entry(kind, "");
  }

  /** Fields whose message appears in JSON without a level of its own. */
  private static final Set<String> INLINE =
      Set.of(
          "Volume.volumeSource",
          "Probe.handler",
          "EphemeralContainer.ephemeralContainerCommon",
          "ConfigMapEnvSource.localObjectReference",
          "SecretEnvSource.localObjectReference",
          "ConfigMapKeySelector.localObjectReference",
          "SecretKeySelector.localObjectReference",
          "ConfigMapProjection.localObjectReference",
          "SecretProjection.localObjectReference",
          "ConfigMapVolumeSource.localObjectReference",
          "RuleWithOperations.rule",
          "NamedRuleWithOperations.ruleWithOperations",
          "PersistentVolumeSpec.persistentVolumeSource");

  /** Lists of maps: strategic merge key, then the keys of server-side apply. */
  private static final Map<String, String> LISTS =
      Map.ofEntries(
          Map.entry("PodSpec.containers", "name name"),
          Map.entry("PodSpec.initContainers", "name name"),
          Map.entry("PodSpec.ephemeralContainers", "name name"),
          Map.entry("PodSpec.volumes", "name name"),
          Map.entry("PodSpec.imagePullSecrets", "name name"),
          Map.entry("PodSpec.schedulingGates", "name name"),
          Map.entry("PodSpec.resourceClaims", "name name"),
          Map.entry("PodSpec.hostAliases", "ip ip"),
          Map.entry(
              "PodSpec.topologySpreadConstraints", "topologyKey topologyKey,whenUnsatisfiable"),
          Map.entry("Container.env", "name name"),
          Map.entry("Container.ports", "containerPort containerPort,protocol"),
          Map.entry("Container.volumeMounts", "mountPath mountPath"),
          Map.entry("Container.volumeDevices", "devicePath devicePath"),
          Map.entry("EphemeralContainerCommon.env", "name name"),
          Map.entry("EphemeralContainerCommon.ports", "containerPort containerPort,protocol"),
          Map.entry("EphemeralContainerCommon.volumeMounts", "mountPath mountPath"),
          Map.entry("EphemeralContainerCommon.volumeDevices", "devicePath devicePath"),
          Map.entry("ServiceSpec.ports", "port port,protocol"),
          Map.entry("ServiceAccount.secrets", "name name"),
          Map.entry("MutatingWebhookConfiguration.webhooks", "name name"),
          Map.entry("ValidatingWebhookConfiguration.webhooks", "name name"),
          Map.entry("MutatingWebhook.matchConditions", "name name"),
          Map.entry("ValidatingWebhook.matchConditions", "name name"),
          Map.entry("NodeStatus.addresses", "type type"),
          Map.entry("PodStatus.podIPs", "ip ip"),
          Map.entry("PodStatus.hostIPs", "ip ip"),
          Map.entry("ObjectMeta.ownerReferences", "uid uid"),
          Map.entry("CustomResourceDefinitionStatus.conditions", " type"));

  /** Lists of plain values that merge. */
  private static final Set<String> SETS = Set.of("ObjectMeta.finalizers", "NodeSpec.podCIDRs");

  /** Maps that are owned as a whole. */
  private static final Set<String> ATOMIC =
      Set.of(
          "LabelSelector",
          "ObjectReference",
          "LocalObjectReference",
          "SecretKeySelector",
          "ConfigMapKeySelector",
          "ObjectFieldSelector",
          "ResourceFieldSelector",
          "RoleRef",
          "NodeSelector",
          "NodeSelectorTerm",
          "SecretReference",
          "TypedLocalObjectReference",
          "EndpointAddress",
          "EndpointPort",
          "ScopedResourceSelectorRequirement",
          "OwnerReference",
          "Subject");

  private final Map<String, ObjectNode> definitions = new TreeMap<>();

  static ObjectNode generate() {
    BuiltinSchemaGenerator generator = new BuiltinSchemaGenerator();
    for (FileDescriptor file : FILES) {
      for (Descriptor message : file.getMessageTypes()) {
        if (ROOTS.containsKey(message.getName()) && isRoot(message)) {
          generator.define(message);
        }
      }
    }
    generator.deleteOptions();
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    generator.definitions.forEach(all::set);
    return all;
  }

  /** Some names exist in two groups: only the group of the table is meant. */
  private static boolean isRoot(Descriptor message) {
    String group = ROOTS.get(message.getName());
    String packaged =
        group.isEmpty()
            ? "core"
            : group.substring(0, group.contains(".") ? group.indexOf('.') : group.length());
    return message.getFullName().contains("." + packaged + ".v1.");
  }

  private void deleteOptions() {
    Descriptor objectMeta =
        V1.getDescriptor()
            .findMessageTypeByName("Pod")
            .findFieldByName("metadata")
            .getMessageType();
    define(objectMeta.getFile().findMessageTypeByName("DeleteOptions"));
    define(objectMeta.getFile().findMessageTypeByName("Status"));
  }

  static String name(Descriptor message) {
    return message
        .getFullName()
        .replaceFirst("^k8s\\.io\\.", "io.k8s.")
        .replace("apiextensions_apiserver", "apiextensions-apiserver");
  }

  private String define(Descriptor message) {
    String name = name(message);
    if (definitions.containsKey(name)) {
      return name;
    }
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    definitions.put(name, schema);
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    boolean root = ROOTS.containsKey(message.getName()) && isRoot(message);
    if (root) {
      properties.putObject("apiVersion").put("type", "string");
      properties.putObject("kind").put("type", "string");
      schema
          .putArray("x-kubernetes-group-version-kind")
          .addObject()
          .put("group", ROOTS.get(message.getName()))
          .put("kind", message.getName())
          .put("version", "v1");
    }
    fields(message, properties);
    if (ATOMIC.contains(message.getName())) {
      schema.put("x-kubernetes-map-type", "atomic");
    }
    return name;
  }

  private void fields(Descriptor message, ObjectNode properties) {
    for (FieldDescriptor field : message.getFields()) {
      String path = message.getName() + "." + field.getName();
      if (INLINE.contains(path)) {
        fields(field.getMessageType(), properties);
      } else {
        String name = jsonName(path, field.getName());
        properties.set(name, annotate(message.getName() + "." + name, schema(field)));
      }
    }
  }

  private static String jsonName(String path, String name) {
    return switch (path) {
      case "UserInfo.uID", "BoundObjectReference.uID" -> "uid";
      case "MutatingWebhookConfiguration.Webhooks", "ValidatingWebhookConfiguration.Webhooks" ->
          "webhooks";
      case "MatchCondition.Expression" -> "expression";
      case "MatchCondition.Name" -> "name";
      default -> name;
    };
  }

  private ObjectNode schema(FieldDescriptor field) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    if (field.isMapField()) {
      FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
      schema.put("type", "object").set("additionalProperties", single(value));
    } else if (field.isRepeated()) {
      schema.put("type", "array").set("items", single(field));
    } else {
      schema = single(field);
    }
    return schema;
  }

  private ObjectNode single(FieldDescriptor field) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    return switch (field.getType()) {
      case STRING -> schema.put("type", "string");
      case BYTES -> schema.put("type", "string").put("format", "byte");
      case BOOL -> schema.put("type", "boolean");
      case INT32 -> schema.put("type", "integer").put("format", "int32");
      case INT64 -> schema.put("type", "integer").put("format", "int64");
      case DOUBLE, FLOAT -> schema.put("type", "number").put("format", "double");
      case MESSAGE -> message(field.getMessageType());
      default ->
          throw new IllegalStateException(field.getFullName() + " has type " + field.getType());
    };
  }

  private ObjectNode message(Descriptor message) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    String name = message.getFullName();
    if (name.equals(META + "Time") || name.equals(META + "MicroTime")) {
      return schema.put("type", "string").put("format", "date-time");
    }
    if (name.equals(META + "Duration")) {
      return schema.put("type", "string");
    }
    if (name.endsWith(".Quantity")) {
      schema.put("x-kubernetes-int-or-string", true).put("format", "quantity");
      schema.putArray("oneOf").add(type("string")).add(type("number"));
      return schema;
    }
    if (name.endsWith(".IntOrString")) {
      schema.put("x-kubernetes-int-or-string", true).put("format", "int-or-string");
      schema.putArray("oneOf").add(type("integer")).add(type("string"));
      return schema;
    }
    if (name.endsWith(".JSON")) {
      return schema.put("x-kubernetes-preserve-unknown-fields", true);
    }
    if (name.endsWith(".FieldsV1")
        || name.endsWith(".RawExtension")
        || name.endsWith(".JSONSchemaProps")) {
      return schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
    }
    if (name.endsWith(".ExtraValue") || name.endsWith(".Verbs")) {
      return schema.put("type", "array").set("items", type("string"));
    }
    return schema.put("$ref", "#/components/schemas/" + define(message));
  }

  private static ObjectNode type(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static ObjectNode annotate(String path, ObjectNode schema) {
    if (LISTS.containsKey(path)) {
      List<String> keys = new ArrayList<>(List.of(LISTS.get(path).split(" ")));
      boolean retain = path.equals("PodSpec.volumes");
      if (!keys.get(0).isEmpty()) {
        merge(schema, retain ? "merge,retainKeys" : "merge", keys.get(0));
      }
      listMap(schema, keys.get(1).split(","));
    } else if (path.endsWith(".conditions") && schema.path("type").asText().equals("array")) {
      merge(schema, "merge", "type");
      listMap(schema, "type");
    } else if (SETS.contains(path)) {
      schema.put("x-kubernetes-patch-strategy", "merge").put("x-kubernetes-list-type", "set");
    } else if (path.equals("DeploymentSpec.strategy")) {
      // Whatever stands beside a reference is ignored by readers of OpenAPI, so it is wrapped.
      ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
      wrapped.putArray("allOf").add(schema);
      return wrapped.put("x-kubernetes-patch-strategy", "retainKeys");
    } else if (schema.path("type").asText().equals("array")) {
      schema.put("x-kubernetes-list-type", "atomic");
    }
    if (path.endsWith("ContainerPort.protocol") || path.equals("ServicePort.protocol")) {
      schema.put("default", "TCP");
    }
    return schema;
  }

  private static void merge(ObjectNode schema, String strategy, String key) {
    schema.put("x-kubernetes-patch-strategy", strategy).put("x-kubernetes-patch-merge-key", key);
  }

  private static void listMap(ObjectNode schema, String... keys) {
    schema.put("x-kubernetes-list-type", "map");
    for (String key : keys) {
      schema.withArray("/x-kubernetes-list-map-keys").add(key);
    }
  }
}

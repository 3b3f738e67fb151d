package heddle.cluster.protobuf;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.Set;

/**
 * Where the JSON form of a field differs from its protobuf name, or its zero value means nothing.
 */
final class FieldNames {
  /**
   * Message fields whose own fields stand one level higher in JSON (Go: {@code json:",inline"}).
   */
  private static final Set<String> INLINED =
      Set.of(
          "Volume.volumeSource",
          "PersistentVolumeSpec.persistentVolumeSource",
          "Probe.handler",
          "EphemeralContainer.ephemeralContainerCommon",
          "ConfigMapEnvSource.localObjectReference",
          "ConfigMapKeySelector.localObjectReference",
          "ConfigMapProjection.localObjectReference",
          "ConfigMapVolumeSource.localObjectReference",
          "SecretEnvSource.localObjectReference",
          "SecretKeySelector.localObjectReference",
          "SecretProjection.localObjectReference",
          "IngressRule.ingressRuleValue",
          "NamedRuleWithOperations.ruleWithOperations",
          "RuleWithOperations.rule",
          "VolumeMountStatus.volumeStatus",
          "DeviceAllocationConfiguration.deviceConfiguration",
          "DeviceClaimConfiguration.deviceConfiguration",
          "DeviceClassConfiguration.deviceConfiguration");

  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          Map.entry("BoundObjectReference.uID", "uid"),
          Map.entry("IngressClassParametersReference.aPIGroup", "apiGroup"),
          Map.entry("JSONSchemaProps.ref", "$ref"),
          Map.entry("JSONSchemaProps.schema", "$schema"),
          Map.entry(
              "JSONSchemaProps.xKubernetesPreserveUnknownFields",
              "x-kubernetes-preserve-unknown-fields"),
          Map.entry(
              "JSONSchemaProps.xKubernetesEmbeddedResource", "x-kubernetes-embedded-resource"),
          Map.entry("JSONSchemaProps.xKubernetesIntOrString", "x-kubernetes-int-or-string"),
          Map.entry("JSONSchemaProps.xKubernetesListMapKeys", "x-kubernetes-list-map-keys"),
          Map.entry("JSONSchemaProps.xKubernetesListType", "x-kubernetes-list-type"),
          Map.entry("JSONSchemaProps.xKubernetesMapType", "x-kubernetes-map-type"),
          Map.entry("JSONSchemaProps.xKubernetesValidations", "x-kubernetes-validations"),
          Map.entry("MutatingWebhookConfiguration.Webhooks", "webhooks"),
          Map.entry("ValidatingWebhookConfiguration.Webhooks", "webhooks"),
          Map.entry("Validation.Expression", "expression"),
          Map.entry("Variable.Expression", "expression"),
          Map.entry("Variable.Name", "name"));

  /** Numbers of which Go writes 0 for absent ones; for all others 0 is somebody's wish. */
  private static final Set<String> ZERO_IS_ABSENT =
      Set.of(
          "ContainerPort.hostPort",
          "DaemonSetSpec.minReadySeconds",
          "DeploymentSpec.minReadySeconds",
          "Event.count",
          "GRPCAction.port",
          "ListMeta.remainingItemCount",
          "ObjectMeta.generation",
          "Probe.failureThreshold",
          "Probe.initialDelaySeconds",
          "Probe.periodSeconds",
          "Probe.successThreshold",
          "Probe.timeoutSeconds",
          "ReplicaSetSpec.minReadySeconds",
          "ReplicationControllerSpec.minReadySeconds",
          "ServicePort.nodePort",
          "ServiceSpec.healthCheckNodePort",
          "StatefulSetSpec.minReadySeconds",
          "Status.code",
          "StatusDetails.retryAfterSeconds");

  /** Switches of which Go writes false for absent ones. */
  private static final Set<String> FALSE_IS_ABSENT =
      Set.of(
          "Container.stdin",
          "Container.stdinOnce",
          "Container.tty",
          "DeploymentSpec.paused",
          "EphemeralContainerCommon.stdin",
          "EphemeralContainerCommon.stdinOnce",
          "EphemeralContainerCommon.tty",
          "NodeSpec.unschedulable",
          "PodSpec.hostIPC",
          "PodSpec.hostNetwork",
          "PodSpec.hostPID",
          "ServiceSpec.publishNotReadyAddresses",
          "VolumeMount.readOnly");

  /** Texts of which the empty one is a value (Go: pointers to strings). */
  private static final Set<String> EMPTY_IS_A_VALUE =
      Set.of(
          "EndpointPort.name",
          "LeaseSpec.holderIdentity",
          "PersistentVolumeClaimSpec.storageClassName");

  private FieldNames() {}

  static boolean inlined(FieldDescriptor field) {
    return INLINED.contains(key(field));
  }

  static String json(FieldDescriptor field) {
    String renamed = RENAMED.get(key(field));
    return renamed == null ? field.getName() : renamed;
  }

  /** Whether a value that is there on the wire stands for an absent one. */
  static boolean absent(FieldDescriptor field, Object value) {
    return switch (value) {
      case String text -> text.isEmpty() && !EMPTY_IS_A_VALUE.contains(key(field));
      case Integer number -> number == 0 && ZERO_IS_ABSENT.contains(key(field));
      case Long number -> number == 0 && ZERO_IS_ABSENT.contains(key(field));
      case Boolean flag -> !flag && FALSE_IS_ABSENT.contains(key(field));
      default -> false;
    };
  }

  private static String key(FieldDescriptor field) {
    return field.getContainingType().getName() + "." + field.getName();
  }
}

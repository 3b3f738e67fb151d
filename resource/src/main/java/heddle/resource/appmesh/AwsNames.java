package heddle.resource.appmesh;

import heddle.resource.ObjectMeta;

/** App Mesh's default names. */
final class AwsNames {

  private AwsNames() {}

  static String or(Fields spec, String otherwise) {
    String name = spec.nonEmpty("awsName");
    return name == null ? otherwise : name;
  }

  /** {@code name_namespace}: nodes, routers, gateways and gateway routes. */
  static String underscored(ObjectMeta meta) {
    return meta.name() + "_" + meta.namespace();
  }

  /** {@code name.namespace}: services, whose name is a host. */
  static String dotted(ObjectMeta meta) {
    return meta.name() + "." + meta.namespace();
  }
}

package heddle.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The module graph of docs/architecture.md, held. */
class ArchitectureTest {

  /** Module → the modules it may name, directly or by what those export. */
  private static final Map<String, List<String>> GRAPH =
      Map.ofEntries(
          Map.entry("manifest", List.of()),
          Map.entry("resource", List.of("manifest")),
          Map.entry("xds", List.of()),
          Map.entry("mesh", List.of("manifest", "resource", "xds")),
          Map.entry("proxy", List.of("xds")),
          Map.entry("envoy", List.of()),
          Map.entry("network", List.of()),
          Map.entry("images", List.of()),
          Map.entry("ca", List.of()),
          Map.entry("cluster", List.of("manifest", "network", "images", "ca")),
          Map.entry("kube", List.of("manifest", "resource")),
          Map.entry("control", List.of("kube", "mesh", "xds", "ca", "manifest", "resource")),
          Map.entry("load", List.of()),
          Map.entry("workload", List.of()),
          Map.entry("scenario", List.of("kube", "load", "manifest")));

  private static JavaClasses classes;

  @BeforeAll
  static void readTheClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("heddle");
  }

  static Stream<Map.Entry<String, List<String>>> modules() {
    return GRAPH.entrySet().stream().sorted(Map.Entry.comparingByKey());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("modules")
  void eachModuleNamesOnlyTheModulesItMay(Map.Entry<String, List<String>> module) {
    String[] allowed =
        Stream.concat(Stream.of(module.getKey()), module.getValue().stream())
            .map(name -> "heddle." + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("heddle." + module.getKey() + "..")
        .should()
        .dependOnClassesThat(resideInAPackage("heddle..").and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true)
        .because("the graph of docs/architecture.md is what keeps one change in one module")
        .check(classes);
  }

  @Test
  void onlyKubeTouchesTheKubernetesClient() {
    noClasses()
        .that(resideInAPackage("heddle..").and(not(resideInAPackage("heddle.kube.."))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8.kubernetes.client..")
        .because("controllers see a Kubernetes API, not one client library")
        .check(classes);
  }

  @Test
  void onlyDataMoversImportNetty() {
    noClasses()
        .that(
            resideInAPackage("heddle..")
                .and(
                    not(
                        resideInAnyPackage(
                            "heddle.proxy..",
                            "heddle.network..",
                            "heddle.load..",
                            "heddle.cluster.node.probe.grpc..",
                            "heddle.cluster.stream..",
                            "heddle.xds.."))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .because(
            "event loops live where bytes are moved, everything else blocks on virtual threads")
        .check(classes);
  }

  @Test
  void protobufStaysWhereMessagesAreMade() {
    noClasses()
        .that(
            resideInAPackage("heddle..")
                .and(
                    not(
                        resideInAnyPackage(
                            "heddle.xds..",
                            "heddle.mesh..",
                            "heddle.proxy..",
                            "heddle.control..",
                            "heddle.cluster.node.probe.grpc..",
                            "heddle.cluster.protobuf..",
                            "heddle.cluster.openapi..",
                            "heddle.cli.."))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.protobuf..")
        .because("the rest of the code speaks in Heddle's own types")
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("heddle.(**)")
        .should()
        .beFreeOfCycles()
        .because(
            "a cycle means that two packages are one idea, or that one idea sits in the wrong place")
        .check(classes);
  }
}

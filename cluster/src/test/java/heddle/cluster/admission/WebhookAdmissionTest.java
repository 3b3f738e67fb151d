package heddle.cluster.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import heddle.ca.CertificateAuthority;
import heddle.cluster.auth.EscalationCheck;
import heddle.cluster.auth.RbacAuthorizer;
import heddle.cluster.auth.User;
import heddle.cluster.fixture.Json;
import heddle.cluster.fixture.MemoryObjects;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.ResourceType;
import heddle.cluster.type.Types;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookAdmissionTest {
  private static final ResourceType MUTATING = type("mutating", "Mutating");
  private static final ResourceType VALIDATING = type("validating", "Validating");
  private static final ResourceType DEPLOYMENTS =
      new ResourceType("apps", "v1", "deployments", "Deployment", true);
  private static final User USER = new User("u", "", List.of("dev"), Map.of());

  @TempDir Path directory;
  private final MemoryObjects objects = new MemoryObjects();
  private final RbacAuthorizer rbac = RbacAuthorizer.start(objects);
  private final AtomicInteger dialled = new AtomicInteger();
  private final List<ObjectNode> seen = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private CertificateAuthority authority;
  private HttpsServer server;
  private WebhookAdmission admission;

  private static ResourceType type(String plural, String kind) {
    return new ResourceType(
        "admissionregistration.k8s.io",
        "v1",
        plural + "webhookconfigurations",
        kind + "WebhookConfiguration",
        false);
  }

  @BeforeEach
  void open() throws Exception {
    authority = CertificateAuthority.open(directory, Clock.systemUTC());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var identity = authority.issueServer(List.of("hook.sys.svc"), List.of());
    server.setHttpsConfigurator(new HttpsConfigurator(identity.context(List.of())));
    server.setExecutor(threads);
    server.start();
    admission = new WebhookAdmission(new Types(), this::dial, new Random(1));
    objects.create(Kinds.SERVICE_ACCOUNTS, Json.of("{metadata:{name:'default',namespace:'a'}}"));
    objects.create(Kinds.NAMESPACES, Json.of("{metadata:{name:'a',labels:{mesh:'on'}}}"));
    objects.create(
        Kinds.SERVICES,
        Json.of("{metadata:{name:'hook',namespace:'sys'},spec:{ports:[{port:443}]}}"));
    objects.create(
        Kinds.ENDPOINT_SLICES,
        Json.of(
            "{metadata:{name:'hook-1',namespace:'sys',labels:{'kubernetes.io/service-name':'hook'}},ports:[{port:%d}],endpoints:[{addresses:['127.0.0.1']}]}"
                .formatted(server.getAddress().getPort())));
    admission.start(objects, new EscalationCheck(rbac));
  }

  private SocketChannel dial(InetSocketAddress address) throws IOException {
    dialled.incrementAndGet();
    return SocketChannel.open(address);
  }

  @AfterEach
  void close() {
    admission.close();
    rbac.close();
    server.stop(0);
    threads.close();
  }

  /** Answers a path with what a function makes of the review's request. */
  private void answer(String path, Function<JsonNode, String> response) {
    server.createContext(
        path,
        exchange -> {
          ObjectNode review =
              Json.of(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          seen.add(review);
          String body =
              "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"%s\",\"response\":{\"uid\":\"%s\",%s}}"
                  .formatted(
                      review.path("apiVersion").asText(),
                      review.at("/request/uid").asText(),
                      response.apply(review.path("request")));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private static String patch(String operations) {
    return "\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\"%s\""
        .formatted(Base64.getEncoder().encodeToString(operations.getBytes(StandardCharsets.UTF_8)));
  }

  private static String label(String name, String value) {
    return patch(
        "[{\"op\":\"add\",\"path\":\"/metadata/labels/%s\",\"value\":\"%s\"}]"
            .formatted(name, value));
  }

  private void configure(ResourceType type, String name, String... webhooks) {
    String bundle =
        Base64.getEncoder()
            .encodeToString(authority.certificatePem().getBytes(StandardCharsets.UTF_8));
    var list = new ArrayList<String>();
    for (String webhook : webhooks) {
      list.add(
          "{admissionReviewVersions:['v1'],sideEffects:'None',clientConfig:{caBundle:'%s',service:{name:'hook',namespace:'sys',path:'/%s'}},%s}"
              .formatted(bundle, webhook.split("/")[0], webhook.split("/", 2)[1]));
    }
    objects.create(
        type,
        Json.of("{metadata:{name:'%s'},webhooks:[%s]}".formatted(name, String.join(",", list))));
  }

  private static String pods(String name) {
    return name
        + "/name:'"
        + name
        + ".io',rules:[{operations:['CREATE'],apiGroups:[''],apiVersions:['v1'],resources:['pods']}]";
  }

  private static ObjectNode pod() {
    return Json.of(
        "{apiVersion:'v1',kind:'Pod',metadata:{name:'p',namespace:'a',labels:{app:'x'}},spec:{containers:[{name:'c'}]}}");
  }

  private static Admission.Request create(ObjectNode pod, boolean dryRun) {
    return new Admission.Request("CREATE", Kinds.PODS, "", "a", "p", pod, null, USER, dryRun);
  }

  private ObjectNode mutated() {
    return admission.mutate(create(pod(), false)).object();
  }

  @Nested
  class ANewPod {
    @Test
    void getsTheDefaultServiceAccountItsTokenVolumeAndAMountInEveryContainer() {
      ObjectNode pod = mutated();

      assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo("default");
      String volume = pod.at("/spec/volumes/0/name").asText();
      assertThat(volume).matches("kube-api-access-[a-z0-9]{5}");
      assertThat(pod.at("/spec/containers/0/volumeMounts/0"))
          .isEqualTo(
              Json.of(
                  "{name:'%s',readOnly:true,mountPath:'/var/run/secrets/kubernetes.io/serviceaccount'}"
                      .formatted(volume)));
      assertThat(pod.at("/spec/volumes/0/projected/sources/0"))
          .isEqualTo(Json.of("{serviceAccountToken:{expirationSeconds:3607,path:'token'}}"));
    }

    @Test
    void keepsItsOwnChoiceNotToMountAToken() {
      ObjectNode pod = pod();
      ((ObjectNode) pod.path("spec")).put("automountServiceAccountToken", false);

      ObjectNode result = admission.mutate(create(pod, false)).object();

      assertThat(result.at("/spec/volumes").isMissingNode()).isTrue();
    }

    @Test
    void ofAnAccountThatDoesNotExistIsForbidden() {
      ObjectNode pod = pod();
      ((ObjectNode) pod.path("spec")).put("serviceAccountName", "nobody");

      assertThatThrownBy(() -> admission.mutate(create(pod, false)))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(403))
          .hasMessageContaining("serviceaccount \"nobody\" not found");
    }

    @Test
    void isNotChangedInTheCallersTree() {
      ObjectNode pod = pod();
      admission.mutate(create(pod, false));
      assertThat(pod).isEqualTo(pod());
    }
  }

  @Nested
  class MutatingWebhooks {
    @Test
    void areCalledByNameOfConfigurationAndThenInTheirOrderEachSeeingTheChangesBefore() {
      answer("/one", request -> label("trace", "1"));
      answer("/two", r -> label("trace", r.at("/object/metadata/labels/trace").asText() + "2"));
      answer("/three", r -> label("trace", r.at("/object/metadata/labels/trace").asText() + "3"));
      configure(MUTATING, "b", pods("two"), pods("three"));
      configure(MUTATING, "a", pods("one"));

      assertThat(mutated().at("/metadata/labels/trace").asText()).isEqualTo("123");
    }

    @Test
    void areToldWhoAsksForWhat() {
      answer("/one", request -> "\"allowed\":true,\"warnings\":[\"careful\"]");
      configure(MUTATING, "a", pods("one"));

      var outcome = admission.mutate(create(pod(), false));

      assertThat(outcome.warnings()).containsExactly("careful");
      JsonNode request = seen.getFirst().path("request");
      assertThat(request.path("kind")).isEqualTo(Json.of("{group:'',version:'v1',kind:'Pod'}"));
      assertThat(request.path("resource"))
          .isEqualTo(Json.of("{group:'',version:'v1',resource:'pods'}"));
      assertThat(request.path("userInfo")).isEqualTo(Json.of("{username:'u',groups:['dev']}"));
      assertThat(request.path("operation").asText()).isEqualTo("CREATE");
      assertThat(request.path("namespace").asText()).isEqualTo("a");
      assertThat(request.path("oldObject").isNull()).isTrue();
      assertThat(request.path("dryRun").asBoolean()).isFalse();
      assertThat(request.at("/options/kind").asText()).isEqualTo("CreateOptions");
      assertThat(request.at("/object/spec/serviceAccountName").asText()).isEqualTo("default");
    }

    @Test
    void areCalledAgainWhenTheyAskForItAndALaterOneChangedTheObject() {
      answer("/early", r -> label("seen", r.at("/object/metadata/labels/late").asText("no")));
      answer("/late", request -> label("late", "yes"));
      configure(MUTATING, "a", pods("early") + ",reinvocationPolicy:'IfNeeded'", pods("late"));

      assertThat(mutated().at("/metadata/labels/seen").asText()).isEqualTo("yes");
      assertThat(seen).hasSize(3);
    }

    @Test
    void thatInjectAContainerLeaveItWithTheTokenToo() {
      answer(
          "/one",
          r ->
              patch(
                  "[{\"op\":\"add\",\"path\":\"/spec/containers/-\",\"value\":{\"name\":\"s\"}}]"));
      configure(MUTATING, "a", pods("one"));

      ObjectNode pod = mutated();

      assertThat(pod.at("/spec/containers/1/volumeMounts/0/mountPath").asText())
          .isEqualTo(PodServiceAccount.MOUNT);
      assertThat(pod.at("/spec/volumes")).hasSize(1);
    }

    @Test
    void shareOneConnection() {
      answer("/one", request -> "\"allowed\":true");
      configure(MUTATING, "a", pods("one"));

      for (int i = 0; i < 5; i++) {
        mutated();
      }

      assertThat(seen).hasSize(5);
      assertThat(dialled).hasValue(1);
    }

    @Test
    void areSkippedBySelectorsRulesAndScope() {
      answer("/one", request -> "\"allowed\":true");
      configure(
          MUTATING,
          "a",
          pods("one") + ",namespaceSelector:{matchLabels:{mesh:'off'}}",
          pods("one") + ",objectSelector:{matchLabels:{app:'y'}}",
          "one/name:'d',rules:[{operations:['CREATE'],apiGroups:['apps'],apiVersions:['*'],resources:['*']}]",
          "one/name:'s',rules:[{operations:['*'],apiGroups:['*'],apiVersions:['*'],resources:['pods/status']}]",
          "one/name:'c',rules:[{operations:['*'],apiGroups:['*'],apiVersions:['*'],resources:['*'],scope:'Cluster'}]");

      mutated();

      assertThat(seen).isEmpty();
    }

    @Test
    void getTheVersionThatTheirRuleNamesWhenEquivalent() {
      answer("/one", request -> "\"allowed\":true");
      String rule =
          ",rules:[{operations:['CREATE'],apiGroups:['apps'],apiVersions:['v1beta2'],resources:['deployments']}]";
      configure(MUTATING, "a", "one/name:'x'" + rule, "one/name:'y',matchPolicy:'Exact'" + rule);
      ObjectNode deployment =
          Json.of(
              "{apiVersion:'apps/v1',kind:'Deployment',metadata:{name:'d',namespace:'a'},spec:{}}");

      admission.mutate(
          new Admission.Request(
              "CREATE", DEPLOYMENTS, "", "a", "d", deployment, null, USER, false));

      assertThat(seen).hasSize(1);
      assertThat(seen.getFirst().at("/request/object/apiVersion").asText())
          .isEqualTo("apps/v1beta2");
      assertThat(seen.getFirst().at("/request/requestKind/version").asText()).isEqualTo("v1");
    }

    @Test
    void thatSendAPatchThatDoesNotFitFailTheWrite() {
      answer("/one", r -> patch("[{\"op\":\"remove\",\"path\":\"/spec/nothing/here\"}]"));
      configure(MUTATING, "a", pods("one"));

      assertThatThrownBy(WebhookAdmissionTest.this::mutated)
          .hasMessageContaining("\"one.io\" sent a patch that cannot be applied")
          .hasMessageContaining("the path /spec/nothing/here does not exist");
    }
  }

  @Nested
  class AFailingCall {
    @Test
    void failsTheWriteUnlessThePolicySaysIgnore() {
      configure(MUTATING, "a", pods("missing"));
      assertThatThrownBy(WebhookAdmissionTest.this::mutated)
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(500))
          .hasMessageContaining(
              "failed calling webhook \"missing.io\": failed to call webhook: Post"
                  + " \"https://hook.sys.svc:443/missing?timeout=10s\": the server answered 404");

      objects.delete(MUTATING, null, "a", heddle.cluster.object.DeleteOptions.background());
      configure(MUTATING, "a", pods("missing") + ",failurePolicy:'Ignore'");
      mutated();
    }

    @Test
    void endsWithItsTimeout() {
      var released = new CountDownLatch(1);
      answer(
          "/slow",
          request -> {
            try {
              released.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return "\"allowed\":true";
          });
      configure(MUTATING, "a", pods("slow") + ",timeoutSeconds:1");

      assertThatThrownBy(WebhookAdmissionTest.this::mutated)
          .hasMessageContaining("context deadline exceeded");
      released.countDown();
    }

    @Test
    void namesTheServiceWithoutEndpoints() {
      objects.delete(
          Kinds.ENDPOINT_SLICES, "sys", "hook-1", heddle.cluster.object.DeleteOptions.background());
      configure(MUTATING, "a", pods("one"));

      assertThatThrownBy(WebhookAdmissionTest.this::mutated)
          .hasMessageContaining("no endpoints available for service \"hook\"");
    }

    @Test
    void isOneToAServerThatTheCaBundleDoesNotVouchFor() {
      var other = CertificateAuthority.open(directory.resolve("other"), Clock.systemUTC());
      authority = other;
      answer("/one", request -> "\"allowed\":true");
      configure(MUTATING, "a", pods("one"));

      assertThatThrownBy(WebhookAdmissionTest.this::mutated)
          .hasMessageContaining("failed calling webhook");
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void aDryRunIsRefusedForWebhooksWithSideEffects() {
    answer("/one", request -> "\"allowed\":true");
    configure(MUTATING, "a", pods("one") + ",sideEffects:'Some'");

    assertThatThrownBy(() -> admission.mutate(create(pod(), true)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400))
        .hasMessage("admission webhook \"one.io\" does not support dry run");
  }

  @Nested
  class ValidatingWebhooks {
    @Test
    void denyInTheirOwnWordsAndCode() {
      answer(
          "/no", r -> "\"allowed\":false,\"status\":{\"code\":422,\"message\":\"not like this\"}");
      configure(VALIDATING, "a", pods("no"));

      assertThatThrownBy(() -> admission.validate(create(pod(), false)))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422))
          .hasMessage("admission webhook \"no.io\" denied the request: not like this");
    }

    @Test
    void denyWith403WhenTheySayNothing() {
      answer("/no", r -> "\"allowed\":false");
      configure(VALIDATING, "a", pods("no"));

      assertThatThrownBy(() -> admission.validate(create(pod(), false)))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(403))
          .hasMessage("admission webhook \"no.io\" denied the request without explanation");
    }

    @Test
    void runAtTheSameTime() {
      var together = new CountDownLatch(2);
      Function<JsonNode, String> meet =
          request -> {
            together.countDown();
            try {
              together.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return "\"allowed\":true,\"warnings\":[\"w\"]";
          };
      answer("/x", meet);
      answer("/y", meet);
      configure(VALIDATING, "a", pods("x"), pods("y"));

      assertThat(admission.validate(create(pod(), false))).containsExactly("w", "w");
    }

    @Test
    void withCelConditionsAreRefusedByName() {
      var request =
          new Admission.Request(
              "CREATE",
              VALIDATING,
              "",
              "",
              "v",
              Json.of(
                  "{metadata:{name:'v'},webhooks:[{matchConditions:[{name:'x',expression:'true'}]}]}"),
              null,
              USER,
              false);
      assertThatThrownBy(() -> admission.validate(request))
          .hasMessageContaining("webhooks[0].matchConditions: Forbidden: CEL");
    }
  }
}

package heddle.cluster.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.fixture.Json;
import heddle.cluster.fixture.TestCluster;
import heddle.cluster.informer.Kinds;
import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.PodAccess.LogOptions;
import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class NodeAgentTest {
  @TempDir Path directory;
  private TestCluster node;

  @BeforeEach
  void start() throws Exception {
    node = TestCluster.node(directory);
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void runsAContainerToItsEndAndKeepsItsLog() {
    node.pod(
        "once",
        "{restartPolicy:'Never',containers:[{name:'c',image:'shell',args:['echo hello from $HOSTNAME; exit 3']}]}");

    ObjectNode pod = node.await("once", TestCluster.phase("Failed"));

    JsonNode state = pod.at("/status/containerStatuses/0/state/terminated");
    assertThat(state.path("exitCode").asInt()).isEqualTo(3);
    assertThat(state.path("reason").asText()).isEqualTo("Error");
    assertThat(node.log("once", null, false)).isEqualTo("hello from once\n");
    assertThat(node.events("once"))
        .contains(
            "Pulled: Container image \"shell\": a shell for tests", "Started: Started container c");
  }

  @Test
  void isReadyWithAnAddressOnceEveryContainerIs() {
    node.pod(
        "ready",
        "{containers:[{name:'c',image:'shell'},{name:'w',image:'web',ports:[{name:'http',containerPort:8080}],readinessProbe:{httpGet:{port:'http',path:'/'},periodSeconds:1}}]}");

    ObjectNode pod = node.await("ready", TestCluster::ready);

    assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
    assertThat(pod.at("/status/podIP").asText()).startsWith("10.244.");
    assertThat(pod.at("/status/hostIP").asText())
        .isEqualTo(node.network.nodeAddress().getHostAddress());
  }

  @Test
  void saysWhyAProbeFailsAndStaysUnready() {
    node.pod(
        "sick",
        "{containers:[{name:'w',image:'web',env:[{name:'STATUS',value:'503'}],readinessProbe:{httpGet:{port:8080},periodSeconds:1,failureThreshold:1}}]}");

    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                node.events("sick")
                    .contains(
                        "Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503"));
    assertThat(TestCluster.ready(node.get("sick"))).isFalse();
  }

  @Test
  void asksTheHealthServiceOfAGrpcProbe() {
    node.pod(
        "mute",
        "{containers:[{name:'w',image:'web',readinessProbe:{grpc:{port:8080,service:'shop'},periodSeconds:1,failureThreshold:1}}]}");

    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                node.events("mute").stream()
                    .anyMatch(
                        event ->
                            event.startsWith("Unhealthy: Readiness probe failed: ")
                                && !event.contains("connection refused")));
    assertThat(TestCluster.ready(node.get("mute"))).isFalse();
  }

  @Test
  void givesContainersTheirVariablesFilesAndTokens() {
    node.objects.create(
        Kinds.CONFIG_MAPS,
        Json.of("{metadata:{name:'settings',namespace:'default'},data:{color:'blue',text:'a b'}}"));
    node.pod(
        "configured",
        """
        {restartPolicy:'Never',
         volumes:[{name:'v',configMap:{name:'settings'}},{name:'tmp',emptyDir:{}}],
         containers:[{name:'c',image:'shell',
           env:[{name:'COLOR',valueFrom:{configMapKeyRef:{name:'settings',key:'color'}}},
                {name:'IP',valueFrom:{fieldRef:{fieldPath:'status.podIP'}}},
                {name:'BOTH',value:'$(COLOR)-$(NOPE)-$$(COLOR)'}],
           volumeMounts:[{name:'v',mountPath:'/config'},{name:'tmp',mountPath:'/scratch'}],
           args:['echo $COLOR $BOTH $FROM_IMAGE $KUBERNETES_SERVICE_HOST; cat /config/text; echo; echo x >/scratch/f && cat /scratch/f /var/run/secrets/kubernetes.io/serviceaccount/token; echo; test "$IP" = "$(hostname -i)" || cat /etc/hosts']}]}
        """);

    node.await("configured", TestCluster.phase("Succeeded"));

    assertThat(node.log("configured", "c", false))
        .startsWith("blue blue-$(NOPE)-$(COLOR) yes 10.96.0.1\na b\nx\ntoken-of-configured\n");
  }

  @Test
  void waitsForAMissingConfigMapAndGoesOnWhenItComes() {
    node.pod(
        "early",
        "{containers:[{name:'c',image:'shell',env:[{name:'X',valueFrom:{configMapKeyRef:{name:'late',key:'x'}}}]}]}");
    node.await(
        "early",
        pod ->
            pod.at("/status/containerStatuses/0/state/waiting/reason")
                .asText()
                .equals("CreateContainerConfigError"));

    node.objects.create(
        Kinds.CONFIG_MAPS, Json.of("{metadata:{name:'late',namespace:'default'},data:{x:'1'}}"));

    node.await("early", TestCluster::ready);
  }

  @Test
  void runsInitContainersInOrderBeforeTheOthers() {
    node.pod(
        "ordered",
        """
        {volumes:[{name:'v',emptyDir:{}}],
         initContainers:[
          {name:'first',image:'shell',args:['echo 1 >>/v/f'],volumeMounts:[{name:'v',mountPath:'/v'}]},
          {name:'second',image:'shell',args:['echo 2 >>/v/f'],volumeMounts:[{name:'v',mountPath:'/v'}]}],
         containers:[{name:'c',image:'shell',args:['cat /v/f; sleep 600'],volumeMounts:[{name:'v',mountPath:'/v'}]}]}
        """);

    node.await("ordered", TestCluster::ready);

    Awaitility.await().until(() -> node.log("ordered", "c", false).equals("1\n2\n"));
  }

  @Test
  void restartsWhatEndsAndBacksOff() {
    node.pod("crash", "{containers:[{name:'c',image:'shell',args:['echo run; exit 1']}]}");

    ObjectNode pod =
        node.await(
            "crash",
            p ->
                p.at("/status/containerStatuses/0/state/waiting/reason")
                    .asText()
                    .equals("CrashLoopBackOff"));

    assertThat(pod.at("/status/containerStatuses/0/restartCount").asInt()).isEqualTo(1);
    assertThat(pod.at("/status/containerStatuses/0/state/waiting/message").asText())
        .startsWith("back-off 10s restarting failed container=c pod=crash_default(");
    assertThat(node.log("crash", "c", true)).isEqualTo("run\n");
  }

  @Test
  void restartsAContainerThatFailsItsLivenessProbe() {
    node.pod(
        "lively",
        "{terminationGracePeriodSeconds:1,containers:[{name:'c',image:'shell',args:['touch /tmp/ok; sleep 600'],livenessProbe:{exec:{command:['test','-f','/tmp/ok']},periodSeconds:1,failureThreshold:1}}]}");
    node.await("lively", TestCluster::ready);

    exec("lively", "rm", "/tmp/ok");

    node.await("lively", p -> p.at("/status/containerStatuses/0/restartCount").asInt() >= 1);
    node.await("lively", TestCluster::ready);
    assertThat(node.events("lively"))
        .contains("Killing: Container c failed liveness probe, will be restarted");
  }

  @Test
  void asksBeforeItStopsAndLeavesNothingBehind() throws Exception {
    ObjectNode pod =
        node.pod(
            "leaving",
            "{terminationGracePeriodSeconds:20,containers:[{name:'c',image:'shell',args:['trap \\'echo bye; exit 0\\' TERM; echo up; while :; do sleep 0.1; done'],lifecycle:{preStop:{exec:{command:['sh','-c','echo hook >/proc/1/fd/1']}}}}]}");
    node.await("leaving", TestCluster::ready);
    Awaitility.await().until(() -> node.log("leaving", null, false).contains("up"));
    var log = node.access().logs("default", "leaving", null, following());

    node.objects.delete(Kinds.PODS, "default", "leaving", DeleteOptions.background());

    assertThat(new String(log.readAllBytes(), UTF_8)).isEqualTo("up\nhook\nbye\n");
    node.awaitGone("leaving");
    assertThat(Files.exists(directory.resolve("node/pods/" + pod.at("/metadata/uid").asText())))
        .isFalse();
  }

  @Test
  void reportsAnImageNobodyKnows() {
    node.pod("unknown", "{containers:[{name:'c',image:'nobody/has:it'}]}");

    ObjectNode pod =
        node.await(
            "unknown",
            p ->
                p.at("/status/containerStatuses/0/state/waiting/reason")
                    .asText()
                    .equals("ErrImagePull"));

    assertThat(pod.at("/status/containerStatuses/0/state/waiting/message").asText())
        .isEqualTo("nobody knows nobody/has:it");
    assertThatThrownBy(() -> node.log("unknown", null, false))
        .isInstanceOf(ApiException.class)
        .hasMessage("container \"c\" in pod \"unknown\" is waiting to start: ErrImagePull");
  }

  @Test
  void forwardsAPortAndAnswersCommandsInAProgramOfItsOwn() throws Exception {
    node.pod("web", "{containers:[{name:'w',image:'web'}]}");
    node.await("web", TestCluster::ready);

    try (SocketChannel channel = node.access().connect("default", "web", 8080)) {
      channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8)));
      ByteBuffer answer = ByteBuffer.allocate(200);
      channel.read(answer);
      assertThat(new String(answer.array(), UTF_8)).startsWith("HTTP/1.1 200");
    }
    assertThat(exec("web", "curl", "-s", "localhost:8080")).isEqualTo("hi\n");
    assertThat(exec("web", "sh", "-c", "exit 7; ")).isEmpty();
  }

  @Test
  void keepsAShellOnATerminalUpForWhoeverAttaches() throws Exception {
    node.pod(
        "terminal",
        "{containers:[{name:'c',image:'shell',command:['/bin/sh'],stdin:true,tty:true}]}");
    node.await("terminal", TestCluster::ready);
    ExecRequest streams = new ExecRequest(List.of(), true, true, false, true);

    try (Session session = node.access().attach("default", "terminal", null, streams)) {
      session.resize(100, 40);
      session.stdin().write("echo $((40+2))\n".getBytes(UTF_8));
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> node.log("terminal", null, false).contains("\n42\n"));
    }
    assertThat(node.get("terminal").at("/status/containerStatuses/0/restartCount").asInt())
        .isZero();
  }

  @Test
  void bringsPodsBackUnderTheirNamesAfterAStop() throws Exception {
    node.pod("again", "{containers:[{name:'c',image:'shell',args:['echo run; sleep 600']}]}");
    node.await("again", TestCluster::ready);
    node.close();

    node = TestCluster.node(directory);

    ObjectNode pod =
        node.await(
            "again",
            p ->
                TestCluster.ready(p)
                    && p.at("/status/containerStatuses/0/restartCount").asInt() == 1);
    assertThat(pod.at("/status/containerStatuses/0/lastState/terminated/exitCode").asInt())
        .isEqualTo(255);
    assertThat(node.log("again", null, true)).isEqualTo("run\n");
  }

  @Test
  void goesOnAskingUntilAPodMayGo() throws Exception {
    node.close();
    java.util.concurrent.atomic.AtomicInteger asked =
        new java.util.concurrent.atomic.AtomicInteger();
    node =
        TestCluster.node(
            directory,
            new heddle.cluster.admission.Admission() {
              @Override
              public Outcome mutate(Request request) {
                return new Outcome(request.object(), List.of());
              }

              @Override
              public List<String> validate(Request request) {
                boolean removal = request.operation().equals("DELETE");
                if (removal && asked.incrementAndGet() == 2) {
                  throw new ApiException(500, "InternalError", "the webhook is restarting");
                }
                return List.of();
              }
            });
    node.pod("guarded", "{terminationGracePeriodSeconds:1,containers:[{name:'w',image:'web'}]}");
    node.await("guarded", TestCluster::ready);

    node.objects.delete(Kinds.PODS, "default", "guarded", DeleteOptions.background());

    node.awaitGone("guarded");
    assertThat(asked).hasValueGreaterThan(2);
  }

  @Test
  void anExecProbeMaySayMuchAndLeaveAChildBehind() {
    node.pod(
        "verbose",
        "{containers:[{name:'c',image:'shell',readinessProbe:{exec:{command:['sh','-c','i=0; while [ $i -lt 30000 ]; do echo 0123456789; i=$((i+1)); done']},periodSeconds:1,timeoutSeconds:20}}]}");
    node.pod(
        "daemon",
        "{containers:[{name:'c',image:'shell',livenessProbe:{exec:{command:['sh','-c','sleep 600 & exit 1']},periodSeconds:1,failureThreshold:2},terminationGracePeriodSeconds:1}]}");

    node.await("verbose", TestCluster::ready);
    node.await("daemon", pod -> pod.at("/status/containerStatuses/0/restartCount").asInt() > 0);
  }

  @Test
  void aCommandHasNoMoreRightsThanItsContainer() {
    node.pod("plain", "{containers:[{name:'c',image:'shell'}]}");
    node.await("plain", TestCluster::ready);
    String rights =
        exec("plain", "cat", "/proc/1/status")
            .lines()
            .filter(l -> l.startsWith("CapEff"))
            .findFirst()
            .orElseThrow();
    assertThat(exec("plain", "cat", "/proc/self/status")).contains(rights);
  }

  @Test
  void readsNoMoreOfATerminationMessageThanItKeeps() {
    node.pod(
        "talker",
        "{restartPolicy:'Never',containers:[{name:'c',image:'shell',args:['truncate -s 8G /dev/termination-log']}]}");

    ObjectNode pod = node.await("talker", TestCluster.phase("Succeeded"));

    assertThat(pod.at("/status/containerStatuses/0/state/terminated/message").asText())
        .hasSize(4096);
  }

  private String exec(String pod, String... command) {
    ExecRequest request = new ExecRequest(List.of(command), false, true, true, false);
    try (Session session = node.access().exec("default", pod, null, request)) {
      String output = new String(session.stdout().readAllBytes(), UTF_8);
      session.exit().toCompletableFuture().get(30, TimeUnit.SECONDS);
      return output;
    } catch (Exception e) {
      throw new AssertionError("exec " + List.of(command), e);
    }
  }

  @Test
  void stopsAPodOnlyOnceItsStopGatesAreOpen() {
    ObjectNode pod =
        Json.of(
            """
            {metadata:{name:'gated',namespace:'default',
              annotations:{'heddle.dev/stop-gates':'example.com/one, example.com/two'}},
             spec:{nodeName:'node',containers:[{name:'c',image:'shell',
              args:['trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done']}]}}
            """);
    node.objects.create(Kinds.PODS, pod);
    node.await("gated", TestCluster::ready);
    Awaitility.await().until(() -> node.log("gated", null, false).equals("up\n"));

    node.objects.delete(Kinds.PODS, "default", "gated", DeleteOptions.background());
    Awaitility.await().until(() -> node.events("gated").contains("Killing: Stopping container c"));
    open("gated", "example.com/one");
    assertThat(node.log("gated", null, false)).isEqualTo("up\n");
    open("gated", "example.com/two");

    node.awaitGone("gated");
    assertThat(node.events("gated")).noneMatch(event -> event.startsWith("StillInUse"));
  }

  @Test
  void stopsWhatAnAnnotationNamesAfterTheOthers() throws Exception {
    node.objects.create(
        Kinds.PODS,
        Json.of(
            """
            {metadata:{name:'ordered',namespace:'default',
              annotations:{'heddle.dev/stop-last':'helper'}},
             spec:{nodeName:'node',volumes:[{name:'shared',emptyDir:{}}],containers:[
              {name:'helper',image:'shell',volumeMounts:[{name:'shared',mountPath:'/shared'}],
               args:['trap "cat /shared/word; exit 0" TERM; echo up; while :; do sleep 0.05; done']},
              {name:'app',image:'shell',volumeMounts:[{name:'shared',mountPath:'/shared'}],
               args:['trap "sleep 0.5; echo app is done >/shared/word; exit 0" TERM; echo up; \
            while :; do sleep 0.05; done']}]}}
            """));
    node.await("ordered", TestCluster::ready);
    for (String container : List.of("helper", "app")) {
      Awaitility.await().until(() -> node.log("ordered", container, false).equals("up\n"));
    }
    var log = node.access().logs("default", "ordered", "helper", following());

    node.objects.delete(Kinds.PODS, "default", "ordered", DeleteOptions.background());

    assertThat(new String(log.readAllBytes(), UTF_8)).isEqualTo("up\napp is done\n");
    node.awaitGone("ordered");
  }

  private static LogOptions following() {
    return new LogOptions(true, false, false, null, null, null);
  }

  private void open(String pod, String gate) {
    node.objects.modifyStatus(
        Kinds.PODS,
        "default",
        pod,
        stored -> {
          stored
              .withArray("/status/conditions")
              .addObject()
              .put("type", gate)
              .put("status", "True");
          return stored;
        });
  }
}

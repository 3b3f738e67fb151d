package heddle.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.admission.AdmissionReviews.Verdict;
import heddle.cluster.auth.EscalationCheck;
import heddle.cluster.dial.NodeDialer;
import heddle.cluster.dial.ServiceResolver;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import heddle.cluster.patch.JsonPatch;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Admission as Kubernetes has it: pods get their service account, then mutating webhooks are called
 * one after the other (by name of configuration, then in its order, and once more where {@code
 * reinvocationPolicy} asks for it), later validating webhooks all at once. Configurations are
 * watched and never sent to webhooks themselves.
 *
 * <p>It and the API need each other: it is made first, given to the API, and started with it. Until
 * then it lets everything through.
 */
public final class WebhookAdmission implements Admission, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WebhookAdmission.class.getName());
  private static final String GROUP = "admissionregistration.k8s.io";
  private static final ResourceType MUTATING =
      new ResourceType(
          GROUP, "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false);
  private static final ResourceType VALIDATING =
      new ResourceType(
          GROUP, "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false);

  private final Types types;
  private final RandomGenerator random;
  private final WebhookClient client;
  private final AdmissionReviews reviews = new AdmissionReviews();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private volatile @Nullable Running running;

  private record Running(
      ObjectCache mutating,
      ObjectCache validating,
      WebhookMatcher matcher,
      ServiceResolver services,
      PodServiceAccount accounts,
      EscalationCheck escalation) {}

  /**
   * @param types what is served, for webhooks that want another version of an object
   * @param dialer reaches webhooks behind services
   * @param random chooses endpoints and volume names
   */
  public WebhookAdmission(Types types, NodeDialer dialer, RandomGenerator random) {
    this.types = types;
    this.random = random;
    this.client = new WebhookClient(dialer);
  }

  /** Loads the webhook configurations and follows them until closed. Call once. */
  public void start(Objects objects, EscalationCheck escalation) {
    var mutating = new ObjectCache(objects, MUTATING);
    var validating = new ObjectCache(objects, VALIDATING);
    for (ObjectCache cache : List.of(mutating, validating)) {
      cache.listen((before, after) -> client.forgetIdle());
      cache.start();
    }
    running =
        new Running(
            mutating,
            validating,
            new WebhookMatcher(types, objects),
            new ServiceResolver(objects, random),
            new PodServiceAccount(objects, random),
            escalation);
  }

  @Override
  public Outcome mutate(Request request) {
    Running state = running;
    if (state == null) {
      return new Outcome(request.object(), List.of());
    }
    var pass = new Pass(state, request);
    pass.builtIn();
    pass.first(webhooks(state.mutating()));
    if (pass.changed()) {
      pass.builtIn();
      pass.again();
    }
    return new Outcome(pass.result(), pass.warnings);
  }

  @Override
  public List<String> validate(Request request) {
    Running state = running;
    if (state == null) {
      return List.of();
    }
    ObjectNode object = request.object();
    if (object != null && request.subresource().isEmpty()) {
      state.escalation().check(request.user(), request.type(), object, request.oldObject());
      refuseConditions(request.type(), object);
    }
    var calls = new ArrayList<Future<Verdict>>();
    for (Webhook webhook : webhooks(state.validating())) {
      state
          .matcher()
          .match(webhook, request, object)
          .ifPresent(
              served ->
                  calls.add(executor.submit(() -> call(state, webhook, request, served, object))));
    }
    var warnings = new ArrayList<String>();
    calls.forEach(call -> warnings.addAll(join(call).warnings()));
    return warnings;
  }

  private static List<Webhook> webhooks(ObjectCache configurations) {
    return configurations.all().stream()
        .sorted(Comparator.comparing(Metadata::name))
        .flatMap(configuration -> Webhook.of(configuration).stream())
        .toList();
  }

  /** CEL is not evaluated: a webhook that is called more often than it asked for is refused. */
  private static void refuseConditions(ResourceType type, ObjectNode object) {
    if (!type.group().equals(GROUP)) {
      return;
    }
    int index = 0;
    for (JsonNode webhook : object.path("webhooks")) {
      if (!webhook.path("matchConditions").isEmpty()) {
        String field = "webhooks[" + index + "].matchConditions";
        String message = "Forbidden: CEL conditions are not supported; use rules and selectors";
        throw new ApiException(
            422,
            "Invalid",
            "%s.%s \"%s\" is invalid: %s: %s"
                .formatted(type.kind(), GROUP, Metadata.name(object), field, message),
            List.of(new ApiException.Cause("FieldValueForbidden", field, message)));
      }
      index++;
    }
  }

  /** One call; a verdict that comes back is an allowing one. */
  private Verdict call(
      Running state, Webhook webhook, Request request, Served served, @Nullable ObjectNode object) {
    if (request.dryRun() && !webhook.dryRunSafe()) {
      throw ApiException.badRequest(
          "admission webhook \"" + webhook.name() + "\" does not support dry run");
    }
    try {
      String uid = UUID.randomUUID().toString();
      byte[] review = reviews.write(webhook, request, served, uid, object);
      Verdict verdict = reviews.read(webhook, uid, client.call(webhook, state.services(), review));
      if (!verdict.allowed()) {
        throw denial(webhook, verdict);
      }
      return verdict;
    } catch (IOException e) {
      return failure(webhook, e);
    }
  }

  private static Verdict failure(Webhook webhook, IOException e) {
    if (webhook.failOpen()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "webhook {0} failed, and its failurePolicy is Ignore: {1}",
          webhook.name(),
          e.getMessage());
      return new Verdict(true, 0, "", "", null, List.of());
    }
    throw new ApiException(
        500,
        "InternalError",
        "Internal error occurred: failed calling webhook \"%s\": %s"
            .formatted(webhook.name(), e.getMessage()));
  }

  private static ApiException denial(Webhook webhook, Verdict verdict) {
    int code = verdict.code() >= 400 && verdict.code() < 600 ? verdict.code() : 403;
    String reason = verdict.reason();
    if (reason.isEmpty()) {
      reason = code == 403 ? "Forbidden" : code == 400 ? "BadRequest" : "Invalid";
    }
    String start = "admission webhook \"" + webhook.name() + "\" denied the request";
    String why = verdict.message().isEmpty() ? verdict.reason() : verdict.message();
    return new ApiException(
        code, reason, why.isEmpty() ? start + " without explanation" : start + ": " + why);
  }

  private static Verdict join(Future<Verdict> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ApiException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("a validating webhook's call failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(503, "ServiceUnavailable", "the server is shutting down");
    }
  }

  @Override
  public void close() {
    Running state = running;
    if (state != null) {
      state.mutating().close();
      state.validating().close();
    }
    client.close();
    executor.shutdownNow();
    executor.close();
  }

  /** One object's way through the mutating steps. */
  private final class Pass {
    private final Running state;
    private final Request request;
    private final @Nullable ObjectNode original;
    private final List<String> warnings = new ArrayList<>();
    private final List<Webhook> called = new ArrayList<>();
    private final Set<Webhook> stale = new HashSet<>();
    private @Nullable ObjectNode object;

    Pass(Running state, Request request) {
      this.state = state;
      this.request = request;
      this.original = request.object();
      this.object = original == null ? null : original.deepCopy();
    }

    boolean changed() {
      return !stale.isEmpty() || !java.util.Objects.equals(object, original);
    }

    /** The caller's own tree when nothing was changed. */
    @Nullable ObjectNode result() {
      return java.util.Objects.equals(object, original) ? original : object;
    }

    void builtIn() {
      ObjectNode pod = object;
      boolean newPod =
          request.type().equals(Kinds.PODS)
              && request.operation().equals("CREATE")
              && request.subresource().isEmpty();
      if (pod != null && newPod) {
        state.accounts().complete(request.namespace(), pod);
      }
    }

    void first(List<Webhook> webhooks) {
      webhooks.forEach(this::call);
    }

    /** Those that asked for it and have not seen what later ones changed. */
    void again() {
      for (Webhook webhook : List.copyOf(called)) {
        if (webhook.reinvoke() && stale.contains(webhook)) {
          call(webhook);
        }
      }
    }

    private void call(Webhook webhook) {
      state.matcher().match(webhook, request, object).ifPresent(served -> call(webhook, served));
    }

    private void call(Webhook webhook, Served served) {
      Verdict verdict = WebhookAdmission.this.call(state, webhook, request, served, object);
      warnings.addAll(verdict.warnings());
      ObjectNode before = object;
      ArrayNode patch = verdict.patch();
      if (patch != null && before != null) {
        object = patched(webhook, served, before, patch);
        if (!before.equals(object)) {
          stale.addAll(called);
        }
      }
      stale.remove(webhook);
      if (!called.contains(webhook)) {
        called.add(webhook);
      }
    }

    private ObjectNode patched(Webhook webhook, Served served, ObjectNode before, ArrayNode patch) {
      ObjectNode shown = served.fromStorage(before.deepCopy());
      try {
        if (JsonPatch.apply(shown, patch) instanceof ObjectNode patched) {
          return served.toStorage(patched);
        }
        throw ApiException.badRequest("the result is not an object");
      } catch (ApiException e) {
        throw new ApiException(
            500,
            "InternalError",
            "Internal error occurred: admission webhook \"%s\" sent a patch that cannot be applied: %s"
                .formatted(webhook.name(), e.getMessage()));
      }
    }
  }
}

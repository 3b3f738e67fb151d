package heddle.cluster.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.ca.CertificateAuthority;
import heddle.ca.Identity;
import heddle.cluster.fixture.Json;
import heddle.cluster.fixture.MemoryObjects;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceAccountTokensTest {
  @TempDir Path directory;
  private final MemoryObjects objects = new MemoryObjects();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private CertificateAuthority authority;
  private ServiceAccountTokens tokens;
  private Authenticator authenticator;
  private ObjectNode pod;

  @BeforeEach
  void open() {
    authority = CertificateAuthority.open(directory, () -> now);
    tokens = new ServiceAccountTokens(objects, authority.tokenKeys(), () -> now);
    authenticator = new ClusterAuthenticator(tokens);
    objects.create(Kinds.SERVICE_ACCOUNTS, Json.of("{metadata:{name:'front',namespace:'a'}}"));
    pod =
        objects.create(
            Kinds.PODS,
            Json.of("{metadata:{name:'p',namespace:'a'},spec:{serviceAccountName:'front'}}"));
  }

  private String token(String spec) {
    return tokens
        .request("a", "front", Json.of("{spec:" + spec + "}"))
        .at("/status/token")
        .asText();
  }

  private void refused(String token) {
    assertThatThrownBy(() -> authenticator.authenticate(token, null))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(401));
  }

  @Test
  void aTokenIsItsServiceAccount() {
    User user = authenticator.authenticate(token("{}"), null);

    assertThat(user.name()).isEqualTo("system:serviceaccount:a:front");
    assertThat(user.groups())
        .containsExactly("system:serviceaccounts", "system:serviceaccounts:a", User.AUTHENTICATED);
  }

  @Test
  void theAnswerSaysWhenTheTokenExpiresAndThenItDoes() {
    ObjectNode answer = tokens.request("a", "front", Json.of("{spec:{expirationSeconds:600}}"));
    assertThat(answer.at("/status/expirationTimestamp").asText()).isEqualTo("2026-01-01T00:10:00Z");
    String token = answer.at("/status/token").asText();

    now = now.plusSeconds(599);
    authenticator.authenticate(token, null);
    now = now.plusSeconds(1);
    refused(token);
  }

  @Test
  void aTokenBoundToAPodNamesItAndDiesWithIt() {
    String token = tokens.forPod(pod, "", 3607);
    User user = authenticator.authenticate(token, null);
    assertThat(user.extra())
        .containsEntry("authentication.kubernetes.io/pod-name", List.of("p"))
        .containsEntry(
            "authentication.kubernetes.io/pod-uid", List.of(pod.at("/metadata/uid").asText()));

    objects.delete(Kinds.PODS, "a", "p", DeleteOptions.background());
    refused(token);
    objects.create(Kinds.PODS, Json.of("{metadata:{name:'p',namespace:'a'}}"));
    refused(token);
  }

  @Test
  void aPodsOwnTokenLastsAYearAsInKubernetes() {
    String token = tokens.forPod(pod, "", 3607);
    now = now.plus(Duration.ofDays(364));
    authenticator.authenticate(token, null);
    now = now.plus(Duration.ofDays(2));
    refused(token);
  }

  @Test
  void aTokenDiesWithItsServiceAccount() {
    String token = token("{}");
    objects.delete(Kinds.SERVICE_ACCOUNTS, "a", "front", DeleteOptions.background());
    objects.create(Kinds.SERVICE_ACCOUNTS, Json.of("{metadata:{name:'front',namespace:'a'}}"));
    refused(token);
  }

  @Test
  void aTokenForAnotherAudienceIsNotForTheApiServer() throws Exception {
    String token = token("{audiences:['vault']}");
    refused(token);
    assertThat(tokens.verify(token, List.of("vault", "other")).audiences())
        .containsExactly("vault");
  }

  @Test
  void aTokenWithOneChangedCharacterIsRefused() {
    String token = token("{}");
    for (int at : new int[] {3, token.indexOf('.') + 8, token.length() - 20}) {
      char other = token.charAt(at) == 'A' ? 'B' : 'A';
      refused(token.substring(0, at) + other + token.substring(at + 1));
    }
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    refused(none + token.substring(token.indexOf('.'), token.lastIndexOf('.')) + ".");
    refused("a.b.c");
    refused("nonsense");
  }

  @Test
  void anotherClustersTokenIsRefused() {
    var other = CertificateAuthority.open(directory.resolve("other"), () -> now);
    refused(new ServiceAccountTokens(objects, other.tokenKeys(), () -> now).forPod(pod, "", 3600));
  }

  @Test
  void requestsAreCheckedAsKubernetesDoes() {
    assertThatThrownBy(() -> tokens.request("a", "nobody", Json.of("{}")))
        .hasMessage("serviceaccounts \"nobody\" not found");
    assertThatThrownBy(() -> token("{expirationSeconds:60}"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422))
        .hasMessageContaining("may not specify a duration less than 10 minutes");
    assertThatThrownBy(() -> token("{boundObjectRef:{kind:'Pod',name:'p',uid:'wrong'}}"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(409));
    assertThatThrownBy(() -> token("{boundObjectRef:{kind:'Node',name:'p'}}"))
        .hasMessageContaining("expected: Pod or Secret");
  }

  @Test
  void aClientCertificateIsItsCommonNameAndOrganizations() {
    Identity client = authority.issueClient("alice", List.of("dev"));
    assertThat(authenticator.authenticate(null, client.certificate()))
        .isEqualTo(new User("alice", "", List.of("dev", User.AUTHENTICATED), Map.of()));
  }

  @Test
  void aWorkloadsCertificateIsNobody() {
    Identity workload = authority.issueWorkload(URI.create("spiffe://c/ns/a/sa/b"));
    assertThatThrownBy(() -> authenticator.authenticate(null, workload.certificate()))
        .isInstanceOf(ApiException.class);
  }

  @Test
  void withoutCredentialsTheCallerIsAnonymous() {
    assertThat(authenticator.authenticate(null, null).name()).isEqualTo("system:anonymous");
  }

  @Test
  void reviewsAnswerWhoATokenIsAndWhatASubjectMay() {
    DefaultRoles.ensure(objects);
    try (var rbac = RbacAuthorizer.start(objects)) {
      var reviews = new AccessReviews(rbac, tokens);
      User root = new User("root", "", List.of("system:masters"), Map.of());

      ObjectNode good =
          reviews.answer("TokenReview", "", Json.of("{spec:{token:'" + token("{}") + "'}}"), root);
      assertThat(good.at("/status/authenticated").asBoolean()).isTrue();
      assertThat(good.at("/status/user/username").asText())
          .isEqualTo("system:serviceaccount:a:front");
      ObjectNode bad = reviews.answer("TokenReview", "", Json.of("{spec:{token:'x'}}"), root);
      assertThat(bad.at("/status/authenticated").asBoolean()).isFalse();
      assertThat(bad.at("/status/error").asText()).contains("not a JSON web token");

      String question = "resourceAttributes:{verb:'get',resource:'pods',namespace:'a'}";
      assertThat(allowed(reviews, "SelfSubjectAccessReview", "{" + question + "}", root)).isTrue();
      assertThat(allowed(reviews, "SubjectAccessReview", "{user:'u'," + question + "}", root))
          .isFalse();
      assertThat(
              allowed(
                  reviews,
                  "SubjectAccessReview",
                  "{user:'u',groups:['system:masters']," + question + "}",
                  root))
          .isTrue();
      assertThat(allowed(reviews, "LocalSubjectAccessReview", "{user:'u'," + question + "}", root))
          .isFalse();
      assertThatThrownBy(
              () ->
                  reviews.answer(
                      "LocalSubjectAccessReview",
                      "b",
                      Json.of("{spec:{user:'u'," + question + "}}"),
                      root))
          .hasMessageContaining("expected: \"b\"");

      ObjectNode rules =
          reviews.answer("SelfSubjectRulesReview", "", Json.of("{spec:{namespace:'a'}}"), root);
      assertThat(rules.at("/status/resourceRules/0/verbs/0").asText()).isEqualTo("*");
      assertThat(
              reviews
                  .answer("SelfSubjectReview", "", Json.of("{}"), root)
                  .at("/status/userInfo/username")
                  .asText())
          .isEqualTo("root");
    }
  }

  private static boolean allowed(AccessReviews reviews, String kind, String spec, User user) {
    return reviews
        .answer(kind, "a", Json.of("{spec:" + spec + "}"), user)
        .at("/status/allowed")
        .asBoolean();
  }

  @Test
  void impersonationNeedsPermissionForUserAndEachGroup() {
    DefaultRoles.ensure(objects);
    try (var rbac = RbacAuthorizer.start(objects)) {
      var impersonation = new Impersonation(rbac);
      User root = new User("root", "", List.of("system:masters"), Map.of());
      User other = new User("u", "", List.of(User.AUTHENTICATED), Map.of());
      var headers =
          Map.of(
              "Impersonate-User",
              List.of("jane"),
              "Impersonate-Group",
              List.of("dev", "ops"),
              "Impersonate-Extra-Scopes",
              List.of("view"));

      assertThat(impersonation.apply(root, headers))
          .isEqualTo(
              new User(
                  "jane",
                  "",
                  List.of("dev", "ops", User.AUTHENTICATED),
                  Map.of("scopes", List.of("view"))));
      assertThatThrownBy(() -> impersonation.apply(other, headers))
          .hasMessageContaining("cannot impersonate resource \"users\"");
      assertThat(impersonation.apply(other, Map.of("Accept", List.of("x")))).isSameAs(other);
      assertThatThrownBy(
              () -> impersonation.apply(root, Map.of("Impersonate-Group", List.of("dev"))))
          .hasMessageContaining("without impersonating a user");
      assertThat(
              impersonation
                  .apply(root, Map.of("Impersonate-User", List.of("system:serviceaccount:a:x")))
                  .groups())
          .contains("system:serviceaccounts:a");
    }
  }

  @Test
  void theKubeconfigEmbedsWhatItNeedsAndIsForItsOwnerOnly() throws Exception {
    Identity client = authority.issueClient("admin", List.of("system:masters"));
    Path file = directory.resolve("deep/kubeconfig");

    KubeconfigWriter.write(
        file,
        KubeconfigWriter.text("one", "https://127.0.0.1:1", authority.certificatePem(), client));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file))
        .contains("server: https://127.0.0.1:1", "current-context: one")
        .contains(
            Base64.getEncoder()
                .encodeToString(authority.certificatePem().getBytes(StandardCharsets.UTF_8)));
  }
}

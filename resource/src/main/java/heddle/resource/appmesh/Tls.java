package heddle.resource.appmesh;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS settings, of listeners and of clients. */
public final class Tls {

  private Tls() {}

  /** How strict a listener is. */
  public enum Mode {
    DISABLED,
    PERMISSIVE,
    STRICT
  }

  /** What is shown to the other side. */
  public sealed interface Certificate {
    record Acm(String certificateArn) implements Certificate {}

    record File(String certificateChain, String privateKey) implements Certificate {}

    record Sds(String secretName) implements Certificate {}

    static Certificate of(Fields fields) {
      if (fields.has("file")) {
        return fields.object(
            "file", file -> new File(file.text("certificateChain"), file.text("privateKey")));
      }
      return fields.has("sds")
          ? fields.object("sds", sds -> new Sds(sds.text("secretName")))
          : fields.object("acm", acm -> new Acm(acm.text("certificateARN")));
    }
  }

  /** Whose certificates are accepted. */
  public sealed interface Trust {
    record Acm(List<String> authorityArns) implements Trust {
      public Acm {
        authorityArns = List.copyOf(authorityArns);
      }
    }

    record File(String certificateChain) implements Trust {}

    record Sds(String secretName) implements Trust {}

    static Trust of(Fields fields) {
      if (fields.has("file")) {
        return fields.object("file", file -> new File(file.text("certificateChain")));
      }
      return fields.has("sds")
          ? fields.object("sds", sds -> new Sds(sds.text("secretName")))
          : fields.object("acm", acm -> new Acm(acm.texts("certificateAuthorityARNs")));
    }
  }

  /**
   * Which certificates are accepted.
   *
   * @param names exact subject alternative names; empty for the default rule
   */
  public record Validation(Trust trust, List<String> names) {
    public Validation {
      names = List.copyOf(names);
    }

    static Validation of(Fields fields) {
      List<String> names =
          fields.objectOrNull(
              "subjectAlternativeNames",
              sans -> sans.object("match", match -> match.texts("exact")));
      return new Validation(fields.object("trust", Trust::of), names == null ? List.of() : names);
    }
  }

  /**
   * A listener's.
   *
   * @param validation null when clients need no certificate
   */
  public record Listener(Mode mode, Certificate certificate, @Nullable Validation validation) {
    static Listener of(Fields fields) {
      return new Listener(
          Mode.valueOf(fields.text("mode")),
          fields.object("certificate", Certificate::of),
          fields.objectOrNull("validation", Validation::of));
    }
  }

  /**
   * A client's.
   *
   * @param ports empty for every port
   */
  public record ClientPolicy(
      boolean enforce,
      List<Integer> ports,
      Validation validation,
      @Nullable Certificate certificate) {
    public ClientPolicy {
      ports = List.copyOf(ports);
    }

    /** Reads {@code clientPolicy.tls} below the given member's owner; null when nothing is said. */
    static @Nullable ClientPolicy of(Fields owner) {
      Fields policy = Fields.ofNullable(owner.map().mapping("clientPolicy"));
      return policy.objectOrNull(
          "tls",
          tls ->
              new ClientPolicy(
                  tls.truth("enforce", true),
                  tls.wholes("ports"),
                  tls.object("validation", Validation::of),
                  tls.objectOrNull("certificate", Certificate::of)));
    }
  }
}

package heddle.cluster.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;

/**
 * JSON web tokens signed with one key and one algorithm, ES256 (RFC 7515, RFC 7518 §3.4). Knowing
 * just one algorithm leaves nothing to negotiate, hence nothing to confuse.
 */
final class Jwt {
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final int LIMIT = 16 * 1024;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final ObjectMapper json = new ObjectMapper();
  private final KeyPair keys;
  private final String keyId;

  Jwt(KeyPair keys) {
    this.keys = keys;
    this.keyId = keyId(keys);
  }

  String sign(ObjectNode claims) {
    try {
      ObjectNode header = json.createObjectNode().put("alg", "ES256").put("kid", keyId);
      String signed =
          ENCODER.encodeToString(json.writeValueAsBytes(header))
              + "."
              + ENCODER.encodeToString(json.writeValueAsBytes(claims));
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + ENCODER.encodeToString(signature.sign());
    } catch (GeneralSecurityException | JsonProcessingException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
  }

  /** The claims of a token that this key signed; times and audiences are the caller's to check. */
  JsonNode verify(String token) throws InvalidTokenException {
    String[] parts = token.length() > LIMIT ? new String[0] : token.split("\\.", -1);
    if (parts.length != 3) {
      throw new InvalidTokenException("not a JSON web token");
    }
    try {
      JsonNode header = json.readTree(DECODER.decode(parts[0]));
      if (!header.path("alg").asText().equals("ES256")) {
        throw new InvalidTokenException("signed with an algorithm other than ES256");
      }
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(keys.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(DECODER.decode(parts[2]))) {
        throw new InvalidTokenException("the signature is wrong");
      }
      return json.readTree(DECODER.decode(parts[1]));
    } catch (IllegalArgumentException | IOException | GeneralSecurityException e) {
      throw new InvalidTokenException("not a well-formed JSON web token");
    }
  }

  private static String keyId(KeyPair keys) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
      return ENCODER.encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}

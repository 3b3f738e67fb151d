package heddle.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Serialises messages so that equal content gives equal bytes, whatever the order in which map
 * entries were put. Content hashes are taken over these bytes, so everything that is nested in an
 * {@link Any} must be packed here too.
 */
public final class Deterministic {
  private static final int HASH_BYTES = 8;

  private Deterministic() {}

  /** The bytes of a message, map entries sorted by key. */
  public static ByteString bytes(Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to an array of the exact size failed", e);
    }
    return ByteString.copyFrom(bytes);
  }

  /** Packs a message as {@code Any.pack} does, but with {@link #bytes}. */
  public static Any pack(Message message) {
    return Any.newBuilder()
        .setTypeUrl("type.googleapis.com/" + message.getDescriptorForType().getFullName())
        .setValue(bytes(message))
        .build();
  }

  /** 16 hexadecimal digits of SHA-256. */
  public static String hash(ByteString bytes) {
    MessageDigest digest = sha256();
    digest.update(bytes.asReadOnlyByteBuffer());
    return shorten(digest);
  }

  /** The hash of a list of texts; their boundaries count. */
  public static String hash(Iterable<String> parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return shorten(digest);
  }

  private static String shorten(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

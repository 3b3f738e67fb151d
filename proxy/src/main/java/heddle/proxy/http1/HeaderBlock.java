package heddle.proxy.http1;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Headers in arrival order, names in lower case. A list beats a map at the sizes requests have, and
 * the same object travels from one connection to the other.
 *
 * <p>{@code add} validates: a name must be a token, a value must not hold control characters.
 */
public final class HeaderBlock extends NettyHeaders {
  /** Makes header blocks for Netty's decoders. */
  public static final HttpHeadersFactory FACTORY =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return new HeaderBlock();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return new HeaderBlock();
        }
      };

  private static final AsciiString[] NO_NAMES = {};
  private static final CharSequence[] NO_VALUES = {};
  private static final int FIRST_SIZE = 16;

  private AsciiString[] names = NO_NAMES;
  private CharSequence[] values = NO_VALUES;
  private int size;
  private long seen;
  private long repeated;

  @Override
  public int count() {
    return size;
  }

  @Override
  public AsciiString name(int i) {
    return names[i];
  }

  @Override
  public CharSequence value(int i) {
    return values[i];
  }

  @Override
  public int find(AsciiString name, int from) {
    int length = name.length();
    for (int i = from; i < size; i++) {
      AsciiString candidate = names[i];
      if (candidate == name || (candidate.length() == length && candidate.equals(name))) {
        return i;
      }
    }
    return -1;
  }

  /** The first value under that (lower-case) name, or null. */
  public @Nullable CharSequence first(AsciiString name) {
    int i = find(name, 0);
    return i < 0 ? null : values[i];
  }

  private int find(String name, int from) {
    for (int i = from; i < size; i++) {
      if (names[i].length() == name.length() && names[i].contentEquals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** All values under that (lower-case) name joined with a comma, or null. */
  public @Nullable String joined(String name) {
    int i = find(name, 0);
    if (i < 0) {
      return null;
    }
    int next = find(name, i + 1);
    if (next < 0) {
      return values[i].toString();
    }
    var all = new StringBuilder(values[i]);
    while (next >= 0) {
      all.append(',').append(values[next]);
      next = find(name, next + 1);
    }
    return all.toString();
  }

  /** Appends a line without any check: for names and values of the proxy's own making. */
  public void append(AsciiString name, CharSequence value) {
    if (size == names.length) {
      int larger = Math.max(FIRST_SIZE, size * 2);
      names = Arrays.copyOf(names, larger);
      values = Arrays.copyOf(values, larger);
    }
    names[size] = name;
    values[size++] = value;
  }

  /** Replaces the first line of that name and drops the others, or appends one; unchecked. */
  public void put(AsciiString name, CharSequence value) {
    int i = find(name, 0);
    if (i < 0) {
      append(name, value);
      return;
    }
    values[i] = value;
    int next = find(name, i + 1);
    while (next >= 0) {
      removeAt(next);
      next = find(name, next);
    }
  }

  @Override
  public boolean drop(AsciiString name) {
    int i = find(name, 0);
    if (i < 0) {
      return false;
    }
    while (i >= 0) {
      removeAt(i);
      i = find(name, i);
    }
    return true;
  }

  private void removeAt(int i) {
    System.arraycopy(names, i + 1, names, i, size - i - 1);
    System.arraycopy(values, i + 1, values, i, size - i - 1);
    size--;
  }

  /** A copy that can change by itself. */
  @Override
  public HeaderBlock copy() {
    var copy = new HeaderBlock();
    copy.names = names.clone();
    copy.values = values.clone();
    copy.size = size;
    return copy;
  }

  @Override
  void addChecked(AsciiString name, CharSequence value) {
    int slot = KnownNames.slot(name);
    if (slot < 0) {
      checkName(name);
    } else {
      long bit = KnownNames.listBit(slot);
      repeated |= seen & bit;
      seen |= bit;
    }
    checkValue(value.toString());
    append(name, value);
  }

  /**
   * Joins the lines of headers that came more than once at the place of the first.
   *
   * @param lists which ones: {@link KnownNames#REQUEST_LISTS} or {@link KnownNames#RESPONSE_LISTS}
   */
  public void joinLists(long lists) {
    if ((repeated & lists) == 0) {
      return;
    }
    for (int i = 0; i < size; i++) {
      int slot = KnownNames.slot(names[i]);
      if (slot >= 0 && (KnownNames.listBit(slot) & repeated & lists) != 0) {
        String all = joined(names[i].toString());
        put(names[i], all == null ? "" : all);
      }
    }
    repeated &= ~lists;
  }

  private static void checkName(AsciiString name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("empty header name");
    }
    byte[] bytes = name.array();
    int end = name.arrayOffset() + name.length();
    for (int i = name.arrayOffset(); i < end; i++) {
      if (bytes[i] == 0) {
        throw new BadCharacterException("header name has a NUL");
      }
      if (!H1.isToken(bytes[i])) {
        throw new IllegalArgumentException("header name has a byte that no token may have");
      }
    }
  }

  private static void checkValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new BadCharacterException("header value has a control character");
      }
    }
  }

  @Override
  public HttpHeaders clear() {
    Arrays.fill(names, 0, size, null);
    Arrays.fill(values, 0, size, null);
    size = 0;
    return this;
  }
}

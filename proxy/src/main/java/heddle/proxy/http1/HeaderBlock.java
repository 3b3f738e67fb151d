package heddle.proxy.http1;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Headers in arrival order, names in lower case. A list beats a map at the sizes requests have, and
 * the same object travels from one connection to the other.
 *
 * <p>{@code add} validates: a name must be a token, a value must not hold NUL, CR or LF.
 */
public final class HeaderBlock extends HttpHeaders {
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

  private AsciiString[] names = new AsciiString[16];
  private CharSequence[] values = new CharSequence[16];
  private int size;

  /** Number of header lines. */
  public int count() {
    return size;
  }

  /** The name of line {@code i}, lower case. */
  public AsciiString name(int i) {
    return names[i];
  }

  /** The value of line {@code i}. */
  public CharSequence value(int i) {
    return values[i];
  }

  /** The index of the first line with that (lower-case) name at or after {@code from}, or -1. */
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
      names = Arrays.copyOf(names, size * 2);
      values = Arrays.copyOf(values, size * 2);
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

  /** Drops every line of that name; whether there was one. */
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

  private static AsciiString lower(CharSequence name) {
    return AsciiString.of(name).toLowerCase();
  }

  private static void checkName(AsciiString name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("empty header name");
    }
    byte[] bytes = name.array();
    int end = name.arrayOffset() + name.length();
    for (int i = name.arrayOffset(); i < end; i++) {
      if (!H1.isToken(bytes[i])) {
        throw new IllegalArgumentException("header name has a byte that no token may have");
      }
    }
  }

  private static void checkValue(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == 0 || c == '\r' || c == '\n') {
        throw new IllegalArgumentException("header value has NUL, CR or LF");
      }
    }
  }

  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    AsciiString lower = lower(name);
    CharSequence text = value instanceof CharSequence c ? c : value.toString();
    checkName(lower);
    checkValue(text);
    append(lower, text);
    return this;
  }

  @Override
  public HttpHeaders add(String name, Object value) {
    return add((CharSequence) name, value);
  }

  @Override
  public HttpHeaders add(String name, Iterable<?> all) {
    all.forEach(value -> add((CharSequence) name, value));
    return this;
  }

  @Override
  public HttpHeaders addInt(CharSequence name, int value) {
    return add(name, Integer.toString(value));
  }

  @Override
  public HttpHeaders addShort(CharSequence name, short value) {
    return add(name, Short.toString(value));
  }

  @Override
  public HttpHeaders set(CharSequence name, Object value) {
    remove(name);
    return add(name, value);
  }

  @Override
  public HttpHeaders set(String name, Object value) {
    return set((CharSequence) name, value);
  }

  @Override
  public HttpHeaders set(String name, Iterable<?> all) {
    remove(name);
    return add(name, all);
  }

  @Override
  public HttpHeaders setInt(CharSequence name, int value) {
    return set(name, Integer.toString(value));
  }

  @Override
  public HttpHeaders setShort(CharSequence name, short value) {
    return set(name, Short.toString(value));
  }

  @Override
  public HttpHeaders remove(CharSequence name) {
    drop(lower(name));
    return this;
  }

  @Override
  public HttpHeaders remove(String name) {
    return remove((CharSequence) name);
  }

  @Override
  public HttpHeaders clear() {
    Arrays.fill(names, 0, size, null);
    Arrays.fill(values, 0, size, null);
    size = 0;
    return this;
  }

  @Override
  public @Nullable String get(CharSequence name) {
    CharSequence value = first(lower(name));
    return value == null ? null : value.toString();
  }

  @Override
  public @Nullable String get(String name) {
    return get((CharSequence) name);
  }

  @Override
  public List<String> getAll(CharSequence name) {
    AsciiString lower = lower(name);
    var all = new ArrayList<String>();
    for (int i = find(lower, 0); i >= 0; i = find(lower, i + 1)) {
      all.add(values[i].toString());
    }
    return all;
  }

  @Override
  public List<String> getAll(String name) {
    return getAll((CharSequence) name);
  }

  @Override
  public @Nullable Integer getInt(CharSequence name) {
    String value = get(name);
    try {
      return value == null ? null : Integer.valueOf(value);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Override
  public int getInt(CharSequence name, int otherwise) {
    Integer value = getInt(name);
    return value == null ? otherwise : value;
  }

  @Override
  public @Nullable Short getShort(CharSequence name) {
    Integer value = getInt(name);
    return value == null ? null : value.shortValue();
  }

  @Override
  public short getShort(CharSequence name, short otherwise) {
    Short value = getShort(name);
    return value == null ? otherwise : value;
  }

  @Override
  public @Nullable Long getTimeMillis(CharSequence name) {
    throw new UnsupportedOperationException("dates in headers are not read");
  }

  @Override
  public long getTimeMillis(CharSequence name, long otherwise) {
    throw new UnsupportedOperationException("dates in headers are not read");
  }

  @Override
  public boolean contains(CharSequence name) {
    return find(lower(name), 0) >= 0;
  }

  @Override
  public boolean contains(String name) {
    return contains((CharSequence) name);
  }

  @Override
  public boolean isEmpty() {
    return size == 0;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Set<String> names() {
    var all = new LinkedHashSet<String>();
    for (int i = 0; i < size; i++) {
      all.add(names[i].toString());
    }
    return all;
  }

  @Override
  public List<Map.Entry<String, String>> entries() {
    var all = new ArrayList<Map.Entry<String, String>>(size);
    for (int i = 0; i < size; i++) {
      all.add(new SimpleEntry<>(names[i].toString(), values[i].toString()));
    }
    return all;
  }

  @Override
  @SuppressWarnings("deprecation")
  public Iterator<Map.Entry<String, String>> iterator() {
    return entries().iterator();
  }

  @Override
  public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
    var all = new ArrayList<Map.Entry<CharSequence, CharSequence>>(size);
    for (int i = 0; i < size; i++) {
      all.add(new SimpleEntry<>(names[i], values[i]));
    }
    return all.iterator();
  }
}

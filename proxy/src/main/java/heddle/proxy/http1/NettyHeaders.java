package heddle.proxy.http1;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Netty's wide header interface on top of a {@link HeaderBlock}'s few operations, for Netty's own
 * decoders; the proxy itself uses the block's.
 */
abstract class NettyHeaders extends HttpHeaders {

  /** Number of lines. */
  public abstract int count();

  /** The name of line {@code i}, lower case. */
  public abstract AsciiString name(int i);

  /** The value of line {@code i}. */
  public abstract CharSequence value(int i);

  /** The index of the first line with that (lower-case) name at or after {@code from}, or -1. */
  public abstract int find(AsciiString name, int from);

  /** Drops every line of that name; whether there was one. */
  public abstract boolean drop(AsciiString name);

  /** Appends a line after checking it. */
  abstract void addChecked(AsciiString name, CharSequence value);

  private static AsciiString lower(CharSequence name) {
    return AsciiString.of(name).toLowerCase();
  }

  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    addChecked(lower(name), value instanceof CharSequence text ? text : value.toString());
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
  public @Nullable String get(CharSequence name) {
    int i = find(lower(name), 0);
    return i < 0 ? null : value(i).toString();
  }

  @Override
  public @Nullable String get(String name) {
    return get((CharSequence) name);
  }

  @Override
  public List<String> getAll(CharSequence name) {
    AsciiString lower = lower(name);
    int first = find(lower, 0);
    if (first < 0) {
      return List.of();
    }
    var all = new ArrayList<String>(1);
    for (int i = first; i >= 0; i = find(lower, i + 1)) {
      all.add(value(i).toString());
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
    return count() == 0;
  }

  @Override
  public int size() {
    return count();
  }

  @Override
  public Set<String> names() {
    var all = new LinkedHashSet<String>();
    for (int i = 0; i < count(); i++) {
      all.add(name(i).toString());
    }
    return all;
  }

  @Override
  public List<Map.Entry<String, String>> entries() {
    var all = new ArrayList<Map.Entry<String, String>>(count());
    for (int i = 0; i < count(); i++) {
      all.add(new SimpleEntry<>(name(i).toString(), value(i).toString()));
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
    var all = new ArrayList<Map.Entry<CharSequence, CharSequence>>(count());
    for (int i = 0; i < count(); i++) {
      all.add(new SimpleEntry<>(name(i), value(i)));
    }
    return all.iterator();
  }
}

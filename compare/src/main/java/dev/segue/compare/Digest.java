package dev.segue.compare;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A number that stands for a value, so that values of several JVMs can be compared without being
 * sent: equal values have the same, others almost surely not. Arrays, lists, sets, maps, records
 * and the values of the JDK are taken by what is in them; any other object by its serialized form.
 */
final class Digest extends OutputStream {
  /** Of what is neither of these, nor serializable. */
  static final long NONE = 0;

  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(256);

  private Digest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
  }

  /** Returns the digest of a value; {@link #NONE} if it cannot be had, for whatever reason. */
  static long of(@Nullable Object value) {
    try {
      return ofPart(value);
    } catch (Exception | StackOverflowError _) {
      return NONE; // not serializable, or it refers to itself, or its own methods throw
    }
  }

  private static long ofPart(@Nullable Object value) throws Exception {
    var digest = new Digest();
    digest.add(value);
    digest.flush();
    long number = ByteBuffer.wrap(digest.digest.digest()).getLong();
    return number == NONE ? 1 : number;
  }

  private void add(@Nullable Object value) throws Exception {
    switch (value) {
      case null -> write(0);
      case String text -> text("String", text);
      case Integer number -> number("Integer", number);
      case Long number -> number("Long", number);
      case Double number -> number("Double", Double.doubleToLongBits(number));
      case Boolean flag -> number("Boolean", flag ? 1 : 0);
      case Enum<?> constant -> text(constant.getDeclaringClass().getName(), constant.name());
      case byte[] bytes -> {
        number("byte[]", bytes.length);
        write(bytes, 0, bytes.length);
      }
      case int[] numbers -> {
        number("int[]", numbers.length);
        for (int number : numbers) {
          add(number);
        }
      }
      case long[] numbers -> {
        number("long[]", numbers.length);
        for (long number : numbers) {
          add(number);
        }
      }
      case double[] numbers -> {
        number("double[]", numbers.length);
        for (double number : numbers) {
          add(Double.doubleToLongBits(number));
        }
      }
      case Object[] elements -> all("[]", Arrays.asList(elements));
      case List<?> elements -> all("List", elements);
      case Set<?> elements -> unordered("Set", elements);
      case Map<?, ?> map -> unordered("Map", map.entrySet());
      case Map.Entry<?, ?> entry -> {
        add(entry.getKey());
        add(entry.getValue());
      }
      case Optional<?> optional -> {
        text("Optional", "");
        add(optional.orElse(null));
      }
      case Record record -> components(record);
      default -> serialized(value);
    }
  }

  private void all(String kind, Collection<?> elements) throws Exception {
    number(kind, elements.size());
    for (var element : elements) {
      add(element);
    }
  }

  private void unordered(String kind, Collection<?> elements) throws Exception {
    var each = new long[elements.size()];
    int i = 0;
    for (var element : elements) {
      each[i++] = ofPart(element);
    }
    Arrays.sort(each);
    text(kind, "");
    add(each);
  }

  private void components(Record record) throws Exception {
    text("record", record.getClass().getName());
    for (var component : record.getClass().getRecordComponents()) {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      add(accessor.invoke(record));
    }
  }

  private void serialized(Object value) throws IOException {
    var out = new ObjectOutputStream(this);
    out.writeObject(value);
    out.flush();
  }

  private void text(String kind, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    number(kind, bytes.length);
    write(bytes, 0, bytes.length);
  }

  private void number(String kind, long number) {
    var bytes = kind.getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length);
    add(number);
  }

  private void add(long number) {
    room(Long.BYTES).putLong(number);
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  @Override
  public void write(int b) {
    room(1).put((byte) b);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    flush();
    digest.update(bytes, from, length);
  }

  @Override
  public void flush() {
    digest.update(buffer.flip());
    buffer.clear();
  }
}

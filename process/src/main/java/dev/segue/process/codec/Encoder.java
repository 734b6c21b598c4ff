package dev.segue.process.codec;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.SerializedLambda;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into bytes. Confined to one thread.
 *
 * <p>Primitives, strings, enums, arrays, records, the usual collections and serializable lambdas
 * are written in the form that {@link Tag} describes. If a value contains anything else, Java
 * serialization writes the whole value, so that shared objects stay shared; of a lambda it writes
 * only what the lambda captures. What is one object stays one object in either form, except for
 * numbers in arrays and collections of numbers alone.
 */
public final class Encoder {
  private final Dictionary dictionary;
  private final ByteSink out;
  private final Handles handles = new Handles();
  private int[] definitions = new int[4];
  private int definitionCount;
  private int depth;
  private boolean plain;
  private boolean deep;

  /** Makes one that puts definitions into a dictionary, and copies the arrays of a value. */
  public Encoder(Dictionary dictionary) {
    this(dictionary, true);
  }

  private Encoder(Dictionary dictionary, boolean copies) {
    this.dictionary = dictionary;
    this.out = new ByteSink(copies);
  }

  /**
   * Makes one for values that are sent at once: large arrays are not copied, so that the bytes
   * change if those do.
   */
  public static Encoder forSendingAtOnce(Dictionary dictionary) {
    return new Encoder(dictionary, false);
  }

  /**
   * Encodes a value.
   *
   * @return the bytes, which the next call overwrites
   * @throws UnencodableException if the value or an object in it is not serializable, is of a class
   *     that the receiver cannot load, or its own code throws
   */
  public Encoded encode(@Nullable Object value) throws UnencodableException {
    try {
      var root = replaced(value);
      if (root != null) {
        dictionary.check(root.getClass());
      }
      if (!encodedByUs(root)) {
        encodeByJava(root);
      }
      return out.encoded(Arrays.copyOf(definitions, definitionCount));
    } catch (StackOverflowError e) {
      throw Refusal.of(value, e);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      throw Refusal.of(value, e);
    } finally {
      out.drop();
      handles.clear();
    }
  }

  /** Returns what a value's {@code writeReplace} puts in its place, as Java serialization does. */
  private static @Nullable Object replaced(@Nullable Object value) throws Throwable {
    Object root = value;
    while (root != null && Shape.of(root.getClass()) instanceof Shape.Replaced(var writeReplace)) {
      Object replacement = (Object) writeReplace.invokeExact(root);
      if (replacement != null && replacement.getClass() == root.getClass()) {
        return root;
      }
      root = replacement;
    }
    return root;
  }

  private boolean encodedByUs(@Nullable Object root) throws Throwable {
    begin();
    plain = true;
    try {
      put(root);
    } catch (NotOursException _) {
      return false;
    }
    out.setFirst(deep ? Tag.DEEP : plain ? Tag.PLAIN : Tag.MIXED);
    return true;
  }

  private void encodeByJava(@Nullable Object root) throws Throwable {
    begin();
    if (root != null && Shape.of(root.getClass()) instanceof Shape.Lambda(var writeReplace)) {
      var lambda = serialized(root, writeReplace);
      out.putByte(Tag.LAMBDA_JAVA);
      putNumber(root.getClass(), lambda);
      putJava(captured(lambda));
    } else {
      out.putByte(Tag.JAVA);
      putJava(root);
    }
  }

  private void begin() {
    out.clear();
    handles.clear();
    definitionCount = 0;
    depth = 0;
    deep = false;
    out.putByte(Tag.MIXED);
  }

  private void putJava(@Nullable Object value) throws IOException {
    try (var objects = new JavaWriter(out, dictionary)) {
      objects.writeObject(value);
      if (objects.isDeep()) {
        out.setFirst(Tag.DEEP);
      }
    }
  }

  /** Not with a switch over types, here and below: its first use takes 10 ms. */
  @SuppressWarnings("IfChainToSwitch")
  private void put(@Nullable Object value) throws Throwable {
    if (value == null) {
      out.putByte(Tag.NULL);
    } else if (value instanceof String string) {
      if (isNew(string)) {
        out.putString(string);
      }
    } else if (value instanceof Integer n) {
      if (Tag.isCached(n) || isNew(n)) {
        out.putByte(Tag.INT);
        out.putInt(n);
      }
    } else if (value instanceof Long n) {
      if (Tag.isCached(n) || isNew(n)) {
        out.putByte(Tag.LONG);
        out.putLong(n);
      }
    } else if (value instanceof Double n) {
      if (isNew(n)) {
        out.putByte(Tag.DOUBLE);
        out.putLong(Double.doubleToRawLongBits(n));
      }
    } else if (value instanceof Boolean truth) {
      out.putByte(truth ? Tag.TRUE : Tag.FALSE);
    } else if (value instanceof Byte n) {
      out.putByte(Tag.BYTE);
      out.putByte(n);
    } else if (value instanceof Short n) {
      if (Tag.isCached(n) || isNew(n)) {
        out.putByte(Tag.SHORT);
        out.putShort(n);
      }
    } else if (value instanceof Character c) {
      if (Tag.isCached(c) || isNew(c)) {
        out.putByte(Tag.CHAR);
        out.putChar(c);
      }
    } else if (value instanceof Float n) {
      if (isNew(n)) {
        out.putByte(Tag.FLOAT);
        out.putInt(Float.floatToRawIntBits(n));
      }
    } else {
      putReference(value);
    }
  }

  private void putReference(Object value) throws Throwable {
    if (++depth > Tag.DEEP_FROM) {
      deep = true;
      if (depth > Tag.DEEPEST) {
        throw new TooDeepException();
      }
    }
    var shape = Shape.of(value.getClass());
    if (shape instanceof Shape.Components(var components)) {
      putRecord(value, components);
    } else if (shape instanceof Shape.Array(_, byte tag)) {
      putArray(tag, value);
    } else if (shape instanceof Shape.Enumeration(var type)) {
      putEnum((Enum<?>) value, type);
    } else if (shape instanceof Shape.Known(byte tag)) {
      putKnown(tag, value);
    } else if (shape instanceof Shape.Lambda(var writeReplace)) {
      putLambda(value, writeReplace);
    } else {
      throw new NotOursException();
    }
    depth--;
  }

  private void putKnown(byte tag, Object value) throws Throwable {
    switch (tag) {
      case Tag.LIST_OF, Tag.SET_OF, Tag.MAP_OF -> putImmutable(tag, value);
      case Tag.HASH_MAP -> putMap(tag, (Map<?, ?>) value);
      case Tag.LINKED_HASH_MAP -> {
        if (isInOrderOfAccess((Map<?, ?>) value)) {
          throw new NotOursException();
        }
        putMap(tag, (Map<?, ?>) value);
      }
      case Tag.ARRAYS_AS_LIST -> {
        if (isNew(value)) {
          out.putByte(tag);
          put(BackingArray.of((List<?>) value));
        }
      }
      default -> {
        if (isNew(value)) {
          putElements(tag, (Collection<?>) value);
        }
      }
    }
  }

  /** Puts what can be made only once its content is there, and so has its number after that. */
  private void putImmutable(byte tag, Object value) throws Throwable {
    if (!isKnown(value)) {
      switch (tag) {
        case Tag.LIST_OF -> {
          var list = (List<?>) value;
          var elements = list.toArray();
          out.putByte(allowsNull(list, elements) ? Tag.STREAM_TO_LIST : Tag.LIST_OF);
          putRun(elements);
        }
        case Tag.SET_OF -> putElements(tag, (Set<?>) value);
        default -> putEntries(tag, (Map<?, ?>) value);
      }
      handles.add(value);
    }
  }

  private void putElements(byte tag, Collection<?> values) throws Throwable {
    var elements = values.toArray();
    if (values instanceof Set<?>) {
      for (int i = 0; plain && i < elements.length; i++) {
        plain = hasKnownHash(elements[i]);
      }
    }
    out.putByte(tag);
    putRun(elements);
  }

  private void putMap(byte tag, Map<?, ?> map) throws Throwable {
    if (isNew(map)) {
      putEntries(tag, map);
    }
  }

  private void putEntries(byte tag, Map<?, ?> map) throws Throwable {
    int left = map.size();
    out.putByte(tag);
    out.putCount(left);
    handles.expect(2 * left);
    for (var entry : map.entrySet()) {
      plain &= hasKnownHash(entry.getKey());
      put(entry.getKey());
      put(entry.getValue());
      left--;
    }
    if (left != 0) {
      throw new ConcurrentModificationException("a map was changed while it was being encoded");
    }
  }

  /** Tests a copy, because no method tells, and a test would change the map. */
  private static boolean isInOrderOfAccess(Map<?, ?> map) {
    @SuppressWarnings("unchecked")
    var copy = (LinkedHashMap<Object, Object>) ((LinkedHashMap<?, ?>) map).clone();
    copy.clear();
    copy.put(1, 1);
    copy.put(2, 2);
    var _ = copy.get(1);
    return copy.firstEntry().getKey().equals(2);
  }

  /** Tells {@link Stream#toList} from {@link List#of}, whose {@code copyOf} is itself. */
  private static boolean allowsNull(List<?> list, Object[] elements) {
    for (var element : elements) {
      if (element == null) {
        return true;
      }
    }
    return List.copyOf(list) != list;
  }

  /** Whether putting a key into a hash table runs only code of the JDK, and is quick. */
  static boolean hasKnownHash(@Nullable Object key) {
    return switch (key) {
      case null -> true;
      case String _, Number _, Character _, Boolean _ -> true;
      default -> false;
    };
  }

  @SuppressWarnings("IfChainToSwitch") // as for put()
  private void putArray(byte tag, Object array) throws Throwable {
    if (!isNew(array)) {
      return;
    }
    if (array instanceof int[] values) {
      out.putInts(values);
    } else if (array instanceof byte[] values) {
      out.putBytes(values);
    } else if (array instanceof long[] values) {
      out.putLongs(values);
    } else if (array instanceof double[] values) {
      out.putDoubles(values);
    } else if (array instanceof boolean[] values) {
      out.putBooleans(values);
    } else if (array instanceof char[] values) {
      out.putChars(values);
    } else if (array instanceof short[] values) {
      out.putShorts(values);
    } else if (array instanceof float[] values) {
      out.putFloats(values);
    } else {
      putObjects(tag, (@Nullable Object[]) array);
    }
  }

  private void putObjects(byte tag, @Nullable Object[] array) throws Throwable {
    out.putByte(tag);
    if (tag == Tag.ARRAY) {
      plain = false;
      putNumber(array.getClass());
    }
    putRun(array);
  }

  /** Puts elements, without their tags if all are Integers, Longs or Doubles. */
  @SuppressWarnings("NullAway") // areAll() finds no null.
  private void putRun(@Nullable Object[] elements) throws Throwable {
    out.putCount(elements.length);
    if (elements.length == 0) {
      return;
    }
    if (areAll(Integer.class, elements)) {
      out.putByte(Tag.INT);
      out.putIntegers(elements);
    } else if (areAll(Long.class, elements)) {
      out.putByte(Tag.LONG);
      out.putBoxedLongs(elements);
    } else if (areAll(Double.class, elements)) {
      out.putByte(Tag.DOUBLE);
      out.putBoxedDoubles(elements);
    } else {
      out.putByte(Tag.NULL);
      handles.expect(elements.length);
      for (var element : elements) {
        put(element);
      }
    }
  }

  private static boolean areAll(Class<?> type, @Nullable Object[] elements) {
    for (var element : elements) {
      if (element == null || element.getClass() != type) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("EnumOrdinal") // The entry says which name that is.
  private void putEnum(Enum<?> value, Class<?> type) {
    plain = false;
    out.putByte(Tag.ENUM);
    putNumber(type);
    out.putCount(value.ordinal());
  }

  private void putRecord(Object value, RecordShape shape) throws Throwable {
    if (!isNew(value)) {
      return;
    }
    plain = false;
    out.putByte(Tag.RECORD);
    putNumber(value.getClass());
    for (int i = 0; i < shape.size(); i++) {
      var getter = shape.getter(i);
      switch (shape.kind(i)) {
        case 'I' -> out.putInt((int) getter.invokeExact(value));
        case 'J' -> out.putLong((long) getter.invokeExact(value));
        case 'D' -> out.putLong(Double.doubleToRawLongBits((double) getter.invokeExact(value)));
        case 'Z' -> out.putByte((byte) ((boolean) getter.invokeExact(value) ? 1 : 0));
        case 'B' -> out.putByte((byte) getter.invokeExact(value));
        case 'S' -> out.putShort((short) getter.invokeExact(value));
        case 'C' -> out.putChar((char) getter.invokeExact(value));
        case 'F' -> out.putInt(Float.floatToRawIntBits((float) getter.invokeExact(value)));
        default -> put((Object) getter.invokeExact(value));
      }
    }
  }

  private void putLambda(Object value, MethodHandle writeReplace) throws Throwable {
    if (isKnown(value)) {
      return;
    }
    plain = false;
    var lambda = serialized(value, writeReplace);
    out.putByte(Tag.LAMBDA);
    putNumber(value.getClass(), lambda);
    int n = lambda.getCapturedArgCount();
    out.putCount(n);
    for (int i = 0; i < n; i++) {
      put(lambda.getCapturedArg(i));
    }
    handles.add(value);
  }

  private static SerializedLambda serialized(Object lambda, MethodHandle writeReplace)
      throws Throwable {
    if ((Object) writeReplace.invokeExact(lambda) instanceof SerializedLambda serialized) {
      return serialized;
    }
    throw new NotOursException();
  }

  static @Nullable Object[] captured(SerializedLambda lambda) {
    var captured = new @Nullable Object[lambda.getCapturedArgCount()];
    for (int i = 0; i < captured.length; i++) {
      captured[i] = lambda.getCapturedArg(i);
    }
    return captured;
  }

  /** Returns whether an object occurs for the first time. If not, puts its number. */
  private boolean isNew(Object object) {
    return !isPutAsHandle(handles.findOrAdd(object));
  }

  /** Returns whether an object has a number, and puts that. */
  private boolean isKnown(Object object) {
    return isPutAsHandle(handles.find(object));
  }

  private boolean isPutAsHandle(int number) {
    if (number < 0) {
      return false;
    }
    out.putByte(Tag.HANDLE);
    out.putCount(number);
    return true;
  }

  private void putNumber(Class<?> type) {
    putNumber(dictionary.number(type, () -> Shape.entry(type)));
  }

  private void putNumber(Class<?> type, SerializedLambda lambda) {
    putNumber(dictionary.number(type, () -> LambdaShape.entry(lambda)));
  }

  private void putNumber(int number) {
    out.putCount(number);
    for (int i = definitionCount - 1; i >= 0; i--) {
      if (definitions[i] == number) {
        return;
      }
    }
    if (definitionCount == definitions.length) {
      definitions = Arrays.copyOf(definitions, definitionCount * 2);
    }
    definitions[definitionCount++] = number;
  }

  /** The value contains something that only Java serialization can write. */
  private static final class NotOursException extends RuntimeException {
    NotOursException() {
      super(null, null, false, false);
    }
  }
}

package dev.segue.process.codec;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.StreamCorruptedException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one value that an {@link Encoder} wrote. Confined to one thread. */
final class ValueReader {
  private final Decoder decoder;
  private final ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;
  private final ByteSource in;
  private final List<ArrivingArray> arrays;
  private int arraysTaken;
  private long arrayBytes;
  private @Nullable Object[] handles = {};
  private int handleCount;
  private boolean plain;
  private int deepest;
  private int depth;

  ValueReader(
      Decoder decoder,
      ClassLoader loader,
      @Nullable ObjectInputFilter filter,
      ByteBuffer bytes,
      List<ArrivingArray> arrays) {
    this.decoder = decoder;
    this.loader = loader;
    this.filter = filter;
    this.in = new ByteSource(bytes);
    this.arrays = arrays;
  }

  @Nullable Object readAll() throws IOException, ClassNotFoundException {
    byte head = in.nextByte();
    if (head != Tag.PLAIN && head != Tag.MIXED && head != Tag.DEEP) {
      throw new StreamCorruptedException("not an encoded value: its first byte is " + head);
    }
    plain = head == Tag.PLAIN;
    deepest = head == Tag.DEEP ? Tag.DEEPEST : Tag.DEEP_FROM;
    var value = readRoot();
    if (in.left() > 0) {
      throw new StreamCorruptedException(in.left() + " bytes after the value");
    }
    if (arraysTaken < arrays.size()) {
      throw new StreamCorruptedException("a large array that the value does not have");
    }
    return value;
  }

  private @Nullable Object readRoot() throws IOException, ClassNotFoundException {
    byte tag = in.nextByte();
    return switch (tag) {
      case Tag.JAVA -> {
        refusePlain(tag);
        yield readJava();
      }
      case Tag.LAMBDA_JAVA -> {
        refusePlain(tag);
        var shape = lambdaShape();
        if (readJava() instanceof Object[] arguments) {
          yield shape.create(arguments);
        }
        throw new StreamCorruptedException("lambda without an array of captured values");
      }
      default -> read(tag);
    };
  }

  private @Nullable Object readJava() throws IOException, ClassNotFoundException {
    return JavaReader.read(in, loader, filter, deepest);
  }

  private @Nullable Object read() throws IOException, ClassNotFoundException {
    return read(in.nextByte());
  }

  private @Nullable Object read(byte tag) throws IOException, ClassNotFoundException {
    return switch (tag) {
      case Tag.NULL -> null;
      case Tag.TRUE -> true;
      case Tag.FALSE -> false;
      case Tag.BYTE -> in.nextByte();
      // The casts keep a box from being replaced by another.
      case Tag.SHORT -> {
        short n = in.nextShort();
        yield Tag.isCached(n) ? (Object) n : added(n);
      }
      case Tag.CHAR -> {
        char c = in.nextChar();
        yield Tag.isCached(c) ? (Object) c : added(c);
      }
      case Tag.INT -> {
        int n = in.nextInt();
        yield Tag.isCached(n) ? (Object) n : added(n);
      }
      case Tag.LONG -> {
        long n = in.nextLong();
        yield Tag.isCached(n) ? (Object) n : added(n);
      }
      case Tag.FLOAT -> added(Float.intBitsToFloat(in.nextInt()));
      case Tag.DOUBLE -> added(Double.longBitsToDouble(in.nextLong()));
      case Tag.LATIN1 -> added(in.nextLatin1());
      case Tag.UTF16 -> added(in.nextUtf16());
      case Tag.HANDLE -> handle(in.nextCount());
      default -> readReference(tag);
    };
  }

  private @Nullable Object handle(int number) throws StreamCorruptedException {
    if (number >= handleCount) {
      throw new StreamCorruptedException(
          "handle " + number + ", but only " + handleCount + " objects so far");
    }
    return handles[number];
  }

  private Object readReference(byte tag) throws IOException, ClassNotFoundException {
    if (++depth > deepest) {
      throw new StreamCorruptedException("values nested deeper than " + deepest);
    }
    var value =
        switch (tag) {
          case Tag.BOOLEANS -> added(in.booleans(length(boolean[].class, 1)));
          case Tag.BYTES -> added(in.bytes(length(byte[].class, 1)));
          case Tag.SHORTS -> added(in.shorts(length(short[].class, Short.BYTES)));
          case Tag.CHARS -> added(in.chars(length(char[].class, Character.BYTES)));
          case Tag.INTS -> added(in.ints(length(int[].class, Integer.BYTES)));
          case Tag.LONGS -> added(in.longs(length(long[].class, Long.BYTES)));
          case Tag.FLOATS -> added(in.floats(length(float[].class, Float.BYTES)));
          case Tag.DOUBLES -> added(in.doubles(length(double[].class, Double.BYTES)));
          case Tag.SENT_BEFORE -> added(nextArray());
          case Tag.OBJECTS,
              Tag.STRINGS,
              Tag.INTEGERS,
              Tag.BOXED_LONGS,
              Tag.BOXED_DOUBLES,
              Tag.ARRAY ->
              readInto(newArray(tag));
          case Tag.ARRAY_LIST -> {
            int n = slots(ArrayList.class, 1);
            yield readInto(added(new ArrayList<>(n)), n);
          }
          case Tag.LINKED_LIST -> readLinkedList();
          case Tag.ARRAYS_AS_LIST -> readArraysAsList();
          case Tag.LIST_OF -> made(() -> List.of(readInto(new Object[slots(List.class, 1)])));
          case Tag.STREAM_TO_LIST ->
              made(() -> Stream.of(readInto(new Object[slots(List.class, 1)])).toList());
          case Tag.HASH_SET -> {
            int n = slots(HashSet.class, 1);
            yield readInto(added(HashSet.newHashSet(n)), n);
          }
          case Tag.LINKED_HASH_SET -> {
            int n = slots(LinkedHashSet.class, 1);
            yield readInto(added(LinkedHashSet.newLinkedHashSet(n)), n);
          }
          case Tag.SET_OF ->
              made(() -> Set.of(checkedKeys(readInto(new Object[slots(Set.class, 1)]))));
          case Tag.HASH_MAP -> {
            int n = slots(HashMap.class, 2);
            yield readInto(added(HashMap.newHashMap(n)), n);
          }
          case Tag.LINKED_HASH_MAP -> {
            int n = slots(LinkedHashMap.class, 2);
            yield readInto(added(LinkedHashMap.newLinkedHashMap(n)), n);
          }
          case Tag.MAP_OF -> made(this::readMapOf);
          case Tag.ENUM -> {
            refusePlain(tag);
            var shape = decoder.definition(in.nextCount(), EnumShape.class, loader);
            ask(shape.type(), -1);
            yield shape.constant(in.nextCount());
          }
          case Tag.RECORD -> {
            refusePlain(tag);
            yield readRecord();
          }
          case Tag.LAMBDA -> {
            refusePlain(tag);
            yield readLambda();
          }
          default -> throw new StreamCorruptedException("unknown tag " + tag);
        };
    depth--;
    return value;
  }

  @SuppressWarnings("JdkObsolete") // the sender had one
  private Object readLinkedList() throws IOException, ClassNotFoundException {
    int n = slots(LinkedList.class, 1);
    return readInto(added(new LinkedList<>()), n);
  }

  private void refusePlain(byte tag) throws StreamCorruptedException {
    if (plain) {
      throw new StreamCorruptedException("tag " + tag + " is not allowed in a plain value");
    }
  }

  private <T extends @Nullable Object> T added(T value) {
    if (handleCount == handles.length) {
      handles = Arrays.copyOf(handles, Math.max(4, 2 * handleCount));
    }
    handles[handleCount++] = value;
    return value;
  }

  private <T> T numbered(int number, T value) {
    handles[number] = value;
    return value;
  }

  private int length(Class<?> type, int size) throws IOException {
    int n = in.nextLength(size);
    ask(type, n);
    return n;
  }

  private Object nextArray() throws IOException {
    if (arraysTaken == arrays.size()) {
      throw new StreamCorruptedException("a large array that did not come before the value");
    }
    var arrived = arrays.get(arraysTaken++);
    var array = arrived.array();
    arrayBytes += arrived.length();
    ask(array.getClass(), Array.getLength(array));
    return array;
  }

  private int slots(Class<?> type, int each) throws IOException {
    int n = in.nextSlots(each);
    ask(type, -1);
    return n;
  }

  private Object readArraysAsList() throws IOException, ClassNotFoundException {
    ask(Arrays.asList().getClass(), -1);
    int number = handleCount;
    added(null);
    byte tag = in.nextByte();
    if (tag == Tag.HANDLE) {
      if (handle(in.nextCount()) instanceof Object[] array) {
        return numbered(number, Arrays.asList(array));
      }
      throw new StreamCorruptedException("list without its array");
    }
    var array = newArray(tag);
    var list = numbered(number, Arrays.asList(array));
    readInto(array);
    return list;
  }

  private @Nullable Object[] newArray(byte tag) throws IOException, ClassNotFoundException {
    var type =
        switch (tag) {
          case Tag.OBJECTS -> Object[].class;
          case Tag.STRINGS -> String[].class;
          case Tag.INTEGERS -> Integer[].class;
          case Tag.BOXED_LONGS -> Long[].class;
          case Tag.BOXED_DOUBLES -> Double[].class;
          case Tag.ARRAY -> {
            refusePlain(tag);
            yield decoder.definition(in.nextCount(), Class.class, loader);
          }
          default -> throw new StreamCorruptedException("tag " + tag + " instead of an array");
        };
    int n = in.nextSlots(1);
    ask(type, n);
    return added((@Nullable Object[]) Array.newInstance(type.getComponentType(), n));
  }

  private @Nullable Object[] readInto(@Nullable Object[] elements)
      throws IOException, ClassNotFoundException {
    if (elements.length == 0) {
      return elements;
    }
    byte run = nextRun(elements.length);
    try {
      for (int i = 0; i < elements.length; i++) {
        elements[i] = run == Tag.NULL ? read() : readNumber(run);
      }
    } catch (ArrayStoreException e) {
      throw corrupt("array element of the wrong class", e);
    }
    return elements;
  }

  private <C extends Collection<@Nullable Object>> C readInto(C elements, int n)
      throws IOException, ClassNotFoundException {
    if (n == 0) {
      return elements;
    }
    byte run = nextRun(n);
    boolean checked = elements instanceof Set;
    for (int i = 0; i < n; i++) {
      var element = run == Tag.NULL ? read() : readNumber(run);
      elements.add(checked ? checkedKey(element) : element);
    }
    return elements;
  }

  private byte nextRun(int n) throws StreamCorruptedException {
    byte run = in.nextByte();
    switch (run) {
      case Tag.NULL -> {}
      case Tag.INT -> in.need((long) n * Integer.BYTES);
      case Tag.LONG, Tag.DOUBLE -> in.need((long) n * Long.BYTES);
      default -> throw new StreamCorruptedException("unknown run " + run);
    }
    return run;
  }

  private Object readNumber(byte run) throws IOException {
    return switch (run) {
      case Tag.INT -> in.nextInt();
      case Tag.LONG -> in.nextLong();
      default -> Double.longBitsToDouble(in.nextLong());
    };
  }

  private <M extends Map<@Nullable Object, @Nullable Object>> M readInto(M map, int n)
      throws IOException, ClassNotFoundException {
    for (int i = 0; i < n; i++) {
      map.put(checkedKey(read()), read());
    }
    return map;
  }

  private Object readMapOf() throws IOException, ClassNotFoundException {
    int n = slots(Map.class, 2);
    @SuppressWarnings({"unchecked", "rawtypes"})
    Map.Entry<Object, Object>[] entries = new Map.Entry[n];
    for (int i = 0; i < n; i++) {
      entries[i] = readEntry();
    }
    return Map.ofEntries(entries);
  }

  @SuppressWarnings("NullAway") // Map.entry() refuses null, which made() reports.
  private Map.Entry<Object, Object> readEntry() throws IOException, ClassNotFoundException {
    return Map.entry(checkedKey(read()), read());
  }

  private @Nullable Object checkedKey(@Nullable Object key) throws StreamCorruptedException {
    if (plain && !Encoder.hasKnownHash(key)) {
      throw new StreamCorruptedException("key with a hashCode of its own in a plain value");
    }
    return key;
  }

  private @Nullable Object[] checkedKeys(@Nullable Object[] keys) throws StreamCorruptedException {
    for (var key : keys) {
      var _ = checkedKey(key);
    }
    return keys;
  }

  private Object readRecord() throws IOException, ClassNotFoundException {
    var shape = decoder.definition(in.nextCount(), RecordShape.class, loader);
    ask(shape.type(), -1);
    int number = handleCount;
    added(null);
    var arguments = new @Nullable Object[shape.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] =
          switch (shape.kind(i)) {
            case 'I' -> in.nextInt();
            case 'J' -> in.nextLong();
            case 'D' -> Double.longBitsToDouble(in.nextLong());
            case 'Z' -> in.nextBoolean();
            case 'B' -> in.nextByte();
            case 'S' -> in.nextShort();
            case 'C' -> in.nextChar();
            case 'F' -> Float.intBitsToFloat(in.nextInt());
            default -> read();
          };
    }
    return numbered(number, shape.create(arguments));
  }

  private LambdaShape lambdaShape() throws IOException, ClassNotFoundException {
    var shape = decoder.definition(in.nextCount(), LambdaShape.class, loader);
    ask(shape.capturingClass(), -1);
    return shape;
  }

  private Object readLambda() throws IOException, ClassNotFoundException {
    var shape = lambdaShape();
    int n = in.nextSlots(1);
    if (n > 255) {
      throw new StreamCorruptedException(
          "lambda with " + n + " captured values, more than Java allows");
    }
    var arguments = new @Nullable Object[n];
    for (int i = 0; i < n; i++) {
      arguments[i] = read();
    }
    return added(shape.create(arguments));
  }

  private interface Maker {
    Object make() throws IOException, ClassNotFoundException;
  }

  /** Makes an immutable collection, which rejects nulls and duplicates. */
  private Object made(Maker maker) throws IOException, ClassNotFoundException {
    try {
      return added(maker.make());
    } catch (NullPointerException | IllegalArgumentException e) {
      throw corrupt("null or duplicate in an immutable collection", e);
    }
  }

  private static IOException corrupt(String what, Throwable cause) {
    return (IOException) new StreamCorruptedException(what).initCause(cause);
  }

  /** Asks the filter, as Java serialization does, unless the value is plain. */
  private void ask(Class<?> type, long arrayLength) throws InvalidClassException {
    if (filter == null || plain) {
      return;
    }
    var question = new Question(type, arrayLength, depth, handleCount + 1, arrayBytes + in.read());
    ObjectInputFilter.Status answer;
    try {
      answer = filter.checkInput(question);
    } catch (RuntimeException e) {
      throw new InvalidClassException(type.getName() + " is rejected: the filter threw", e);
    }
    if (answer == null || answer == ObjectInputFilter.Status.REJECTED) {
      throw new InvalidClassException(type.getName(), "rejected by the filter");
    }
  }

  /** What a filter is asked. */
  private record Question(
      Class<?> serialClass, long arrayLength, long depth, long references, long streamBytes)
      implements ObjectInputFilter.FilterInfo {}
}

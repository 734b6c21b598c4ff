package dev.segue.process.codec;

/**
 * The first byte of each encoded value, and the limits that hold on both sides.
 *
 * <p>An encoded value is {@link #PLAIN}, {@link #MIXED} or {@link #DEEP} and then one value: its
 * tag and what belongs to it. Numbers are little endian; lengths, handles and dictionary numbers
 * are unsigned LEB128.
 *
 * <p>Objects are numbered in order; a second occurrence is a {@link #HANDLE}. Strings, boxed
 * numbers, arrays, collections and records get their number where they start, immutable collections
 * and lambdas where they end. Without one are enum constants, booleans, bytes, numbers that the JDK
 * {@link #isCached caches}, and numbers in a run, which are copied.
 */
final class Tag {
  /** Decoding runs no user code and loads no class. */
  static final byte PLAIN = 1;

  /** Anything may follow. */
  static final byte MIXED = 2;

  /** As MIXED, and nested deeper than {@link #DEEP_FROM}: it takes a large stack to decode. */
  static final byte DEEP = 3;

  static final byte NULL = 0;
  static final byte TRUE = 1;
  static final byte FALSE = 2;
  static final byte BYTE = 3;
  static final byte SHORT = 4;
  static final byte CHAR = 5;
  static final byte INT = 6;
  static final byte LONG = 7;
  static final byte FLOAT = 8;
  static final byte DOUBLE = 9;

  /** Length, and one byte per character. */
  static final byte LATIN1 = 10;

  /** Length, and two bytes per character. */
  static final byte UTF16 = 11;

  static final byte HANDLE = 12;

  // Arrays: length, then the elements as in memory.
  static final byte BOOLEANS = 16;
  static final byte BYTES = 17;
  static final byte SHORTS = 18;
  static final byte CHARS = 19;
  static final byte INTS = 20;
  static final byte LONGS = 21;
  static final byte FLOATS = 22;
  static final byte DOUBLES = 23;

  // Length, the kind of run, elements. The run is INT, LONG or DOUBLE if all are one of these, and
  // then their tags are left out, or NULL for elements each with its tag.
  static final byte OBJECTS = 24;
  static final byte STRINGS = 25;
  static final byte ARRAY_LIST = 26;
  static final byte LINKED_LIST = 27;
  static final byte LIST_OF = 29;
  static final byte STREAM_TO_LIST = 30;
  static final byte HASH_SET = 31;
  static final byte LINKED_HASH_SET = 32;
  static final byte SET_OF = 33;
  static final byte INTEGERS = 37;
  static final byte BOXED_LONGS = 38;
  static final byte BOXED_DOUBLES = 39;

  /** Then its array. */
  static final byte ARRAYS_AS_LIST = 28;

  // Length, then keys and values in turn.
  static final byte HASH_MAP = 34;
  static final byte LINKED_HASH_MAP = 35;
  static final byte MAP_OF = 36;

  // Dictionary number first.
  static final byte ARRAY = 40;
  static final byte ENUM = 41;
  static final byte RECORD = 42;

  /** Then the number of captured arguments, and these. */
  static final byte LAMBDA = 43;

  /** Then the captured arguments by Java serialization, as an {@code Object[]}, to the end. */
  static final byte LAMBDA_JAVA = 44;

  /** Then Java serialization, to the end. */
  static final byte JAVA = 45;

  /** An array of primitives that came before the value: the first that was not referred to yet. */
  static final byte SENT_BEFORE = 46;

  /**
   * A value may be nested as deep on any stack: Java serialization overflows one of 1 MB at 700 to
   * 1,400.
   */
  static final int DEEP_FROM = 500;

  /** No value may be nested deeper. */
  static final int DEEPEST = 10_000;

  private Tag() {}

  /** Whether boxes of a number are one object in every JVM. */
  static boolean isCached(long number) {
    return number >= Byte.MIN_VALUE && number <= Byte.MAX_VALUE;
  }
}

package dev.segue.inspect;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Columns of numbers and of texts that are found by their names, so that an older or newer version
 * can read what it knows of a file.
 */
final class Columns {
  private static final int END = 0;
  private static final int NUMBERS = 1;
  private static final int TEXTS = 2;

  /** Read in parts of this size, so that a wrong length takes no memory. */
  private static final int PART = 1 << 16;

  private final Map<String, List<Long>> numbers = new LinkedHashMap<>();
  private final Map<String, List<String>> texts = new LinkedHashMap<>();

  // --- to fill

  <T> void putNumbers(String name, List<T> rows, ToLongFunction<T> column) {
    numbers.put(name, rows.stream().map(column::applyAsLong).toList());
  }

  <T> void putTexts(String name, List<T> rows, Function<T, String> column) {
    texts.put(name, rows.stream().map(column).toList());
  }

  /** Constants as numbers, with a column of their names. */
  <T, E extends Enum<E>> void putConstants(
      String name, List<T> rows, Class<E> type, Function<T, @Nullable E> column) {
    putTexts(constantsOf(name), List.of(type.getEnumConstants()), Enum::name);
    putNumbers(
        name,
        rows,
        row -> {
          var constant = column.apply(row);
          return constant == null ? 0 : 1 + constant.ordinal();
        });
  }

  <T> void putFlags(String name, List<T> rows, Predicate<T> column) {
    putNumbers(name, rows, row -> column.test(row) ? 1 : 0);
  }

  /** Lines of code, each in several columns. */
  <T> void putFrames(String name, List<T> rows, Function<T, @Nullable StackTraceElement> column) {
    putPart(name + ".class", rows, column, StackTraceElement::getClassName);
    putPart(name + ".method", rows, column, StackTraceElement::getMethodName);
    putPart(name + ".file", rows, column, StackTraceElement::getFileName);
    putPart(name + ".loader", rows, column, StackTraceElement::getClassLoaderName);
    putPart(name + ".module", rows, column, StackTraceElement::getModuleName);
    putPart(name + ".version", rows, column, StackTraceElement::getModuleVersion);
    putNumbers(
        name + ".line",
        rows,
        row -> {
          var frame = column.apply(row);
          return frame == null ? 0 : frame.getLineNumber();
        });
  }

  private <T> void putPart(
      String name,
      List<T> rows,
      Function<T, @Nullable StackTraceElement> column,
      Function<StackTraceElement, @Nullable String> part) {
    putTexts(
        name,
        rows,
        row -> {
          var frame = column.apply(row);
          return frame == null ? "" : Objects.requireNonNullElse(part.apply(frame), "");
        });
  }

  private static String constantsOf(String name) {
    return name + " constants";
  }

  // --- to read

  /** A column of as many rows, all 0 if there is none of that name. */
  List<Long> numbers(String name, int rows) throws IOException {
    return checked(name, numbers.getOrDefault(name, Collections.nCopies(rows, 0L)), rows);
  }

  /** A column that has as many rows as it has; empty if there is none of that name. */
  List<String> texts(String name) {
    return texts.getOrDefault(name, List.of());
  }

  List<String> texts(String name, int rows) throws IOException {
    return checked(name, texts.getOrDefault(name, Collections.nCopies(rows, "")), rows);
  }

  int rows(String name) {
    return numbers.containsKey(name) ? numbers.get(name).size() : texts(name).size();
  }

  /** As {@link #numbers}; null where there was none, or one that is not known here. */
  <E extends Enum<E>> List<@Nullable E> constants(String name, int rows, Class<E> type)
      throws IOException {
    var known = new HashMap<String, E>();
    for (var constant : type.getEnumConstants()) {
      known.put(constant.name(), constant);
    }
    var names = texts(constantsOf(name));
    var constants = new ArrayList<@Nullable E>(rows);
    for (long number : numbers(name, rows)) {
      constants.add(
          number < 1 || number > names.size() ? null : known.get(names.get((int) number - 1)));
    }
    return constants;
  }

  List<Boolean> flags(String name, int rows) throws IOException {
    return numbers(name, rows).stream().map(number -> number != 0).toList();
  }

  int rowsOfFrames(String name) {
    return rows(name + ".class");
  }

  /** As {@link #putFrames} was given them. */
  List<@Nullable StackTraceElement> frames(String name, int rows) throws IOException {
    var classes = texts(name + ".class", rows);
    var methods = texts(name + ".method", rows);
    var files = texts(name + ".file", rows);
    var loaders = texts(name + ".loader", rows);
    var modules = texts(name + ".module", rows);
    var versions = texts(name + ".version", rows);
    var lines = numbers(name + ".line", rows);
    var frames = new ArrayList<@Nullable StackTraceElement>(rows);
    for (int i = 0; i < rows; i++) {
      frames.add(
          classes.get(i).isEmpty()
              ? null
              : new StackTraceElement(
                  orNull(loaders.get(i)),
                  orNull(modules.get(i)),
                  orNull(versions.get(i)),
                  classes.get(i),
                  methods.get(i),
                  orNull(files.get(i)),
                  lines.get(i).intValue()));
    }
    return frames;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Rows of another table in parts, one for each row of this one, whose sizes are in a column. */
  <T> List<List<T>> parts(String sizes, int rows, List<T> all) throws IOException {
    var parts = new ArrayList<List<T>>(rows);
    int from = 0;
    for (long size : numbers(sizes, rows)) {
      if (size < 0 || size > all.size() - from) {
        throw new IOException("column " + sizes + " counts more rows than there are");
      }
      parts.add(all.subList(from, from + (int) size));
      from += (int) size;
    }
    return parts;
  }

  private static <T> List<T> checked(String name, List<T> column, int rows) throws IOException {
    if (column.size() != rows) {
      throw new IOException("column " + name + " has " + column.size() + " rows, not " + rows);
    }
    return column;
  }

  // --- as bytes

  void writeTo(OutputStream stream) throws IOException {
    var out = new DataOutputStream(stream);
    for (var column : numbers.entrySet()) {
      writeHead(out, NUMBERS, column.getKey(), column.getValue().size());
      long before = 0;
      for (long number : column.getValue()) {
        long difference = number - before;
        writeNumber(out, (difference << 1) ^ (difference >> 63)); // the sign last
        before = number;
      }
    }
    for (var column : texts.entrySet()) {
      writeHead(out, TEXTS, column.getKey(), column.getValue().size());
      for (var text : column.getValue()) {
        writeText(out, text);
      }
    }
    out.write(END);
    out.flush();
  }

  private static void writeHead(DataOutputStream out, int kind, String name, int rows)
      throws IOException {
    out.write(kind);
    writeText(out, name);
    writeNumber(out, rows);
  }

  private static void writeText(OutputStream out, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    writeNumber(out, bytes.length);
    out.write(bytes);
  }

  /** Seven bits a byte, the low ones first. */
  static void writeNumber(OutputStream out, long number) throws IOException {
    long rest = number;
    while ((rest & ~127L) != 0) {
      out.write((int) (rest & 127) | 128);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Reads what {@link #writeTo} wrote. */
  static Columns readFrom(InputStream stream) throws IOException {
    var in = new DataInputStream(stream);
    var columns = new Columns();
    for (int kind = in.readUnsignedByte(); kind != END; kind = in.readUnsignedByte()) {
      var name = readText(in);
      long rows = readNumber(in);
      switch (kind) {
        case NUMBERS -> columns.numbers.put(name, readNumbers(in, rows));
        case TEXTS -> columns.texts.put(name, readTexts(in, rows));
        default -> throw new IOException("column " + name + " is of an unknown kind");
      }
    }
    return columns;
  }

  private static List<Long> readNumbers(DataInputStream in, long rows) throws IOException {
    var numbers = new ArrayList<Long>();
    long before = 0;
    for (long row = 0; row < rows; row++) {
      long number = readNumber(in);
      before += (number >>> 1) ^ -(number & 1);
      numbers.add(before);
    }
    return numbers;
  }

  private static List<String> readTexts(DataInputStream in, long rows) throws IOException {
    var texts = new ArrayList<String>();
    for (long row = 0; row < rows; row++) {
      texts.add(readText(in));
    }
    return texts;
  }

  private static String readText(DataInputStream in) throws IOException {
    long left = readNumber(in);
    var bytes = new ByteArrayOutputStream();
    while (left > 0) {
      var part = new byte[(int) Math.min(PART, left)];
      in.readFully(part);
      bytes.write(part);
      left -= part.length;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static long readNumber(DataInputStream in) throws IOException {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.readUnsignedByte();
      number |= (next & 127L) << shift;
      if (next < 128) {
        return number;
      }
    }
    throw new IOException("a number is too long");
  }
}

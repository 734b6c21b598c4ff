package dev.segue.process.codec;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.security.Security;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes back into values. Safe for use by several threads.
 *
 * <p>Bytes may be faulty: every length is checked against what is left before anything is
 * allocated, and objects may not be nested deeper than 500, so that a stack of 1 MB does not
 * overflow. A value that says that it is deeper is decoded on a thread with a large stack, up to
 * 10,000 objects deep. Arrays that Java serialization wrote may not together need more bytes than
 * it wrote.
 */
public final class Decoder {
  /** The property that gives a JVM its filter, of the system or of the security settings. */
  private static final String FILTER = "jdk.serialFilter";

  private final ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;
  private final ConcurrentHashMap<Integer, Definition> definitions = new ConcurrentHashMap<>();

  /**
   * Makes one that knows no definitions.
   *
   * @param loader finds the classes
   * @param filter is asked about each class of a value that is not plain, as is the JVM's own
   *     filter
   */
  public Decoder(ClassLoader loader, @Nullable ObjectInputFilter filter) {
    this(loader, filter, ObjectInputFilter.Config.getSerialFilter());
  }

  private Decoder(
      ClassLoader loader, @Nullable ObjectInputFilter filter, @Nullable ObjectInputFilter ofJvm) {
    this.loader = loader;
    this.filter = filter == null ? ofJvm : ObjectInputFilter.merge(filter, ofJvm);
  }

  /**
   * Makes one in a JVM that has run no code of the program yet, so that only a property can have
   * given it a filter. To ask the JVM for its filter takes it 20 ms, so that is done only then.
   *
   * @param loader finds the classes
   */
  public static Decoder atStart(ClassLoader loader) {
    boolean hasFilter = System.getProperty(FILTER) != null || Security.getProperty(FILTER) != null;
    return hasFilter ? new Decoder(loader, null) : new Decoder(loader, null, null);
  }

  /** Adds an entry of the sender's {@link Dictionary}. Its class is loaded on first use. */
  public void define(int number, byte[] definition) {
    definitions.put(number, new Definition(definition));
  }

  /** Whether it has an entry of the sender's dictionary. */
  public boolean isDefined(int number) {
    return definitions.containsKey(number);
  }

  /**
   * Whether decoding runs no user code and loads no class, so that it cannot hang. Such a value
   * consists of primitives, strings, arrays of those, and collections of all these.
   *
   * @param bytes as for {@link #decode}; its position does not change
   */
  public static boolean isPlain(ByteBuffer bytes) {
    return bytes.hasRemaining() && bytes.get(bytes.position()) == Tag.PLAIN;
  }

  /**
   * Decodes a value.
   *
   * @param bytes as {@link Encoder#encode} made them, from position to limit; nothing remains
   * @throws ClassNotFoundException if there is no such class here
   * @throws LinkageError if a class cannot be linked or initialized
   * @throws IOException if the bytes are faulty, the filter refuses a class, or the value's own
   *     code throws an exception, which is then the cause
   */
  public @Nullable Object decode(ByteBuffer bytes) throws IOException, ClassNotFoundException {
    return decode(bytes, List.of());
  }

  /**
   * Decodes a value with large arrays.
   *
   * @param bytes as for {@link #decode(ByteBuffer)}, which throws the same
   * @param arrays those that came before it, which then belong to the value
   */
  public @Nullable Object decode(ByteBuffer bytes, List<ArrivingArray> arrays)
      throws IOException, ClassNotFoundException {
    return decode(bytes, arrays, loader);
  }

  /**
   * Decodes a value whose classes another loader finds.
   *
   * @param bytes as for {@link #decode(ByteBuffer)}, which throws the same
   * @param arrays as for {@link #decode(ByteBuffer, List)}
   * @param loader finds the classes
   */
  public @Nullable Object decode(ByteBuffer bytes, List<ArrivingArray> arrays, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    return bytes.hasRemaining() && bytes.get(bytes.position()) == Tag.DEEP
        ? DeepStack.decode(() -> decodeHere(bytes, arrays, loader))
        : decodeHere(bytes, arrays, loader);
  }

  private @Nullable Object decodeHere(
      ByteBuffer bytes, List<ArrivingArray> arrays, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    try {
      var value = new ValueReader(this, loader, filter, bytes, arrays).readAll();
      bytes.position(bytes.limit());
      return value;
    } catch (StackOverflowError e) {
      throw new InvalidObjectException("nested too deeply for the stack", e);
    } catch (RuntimeException e) {
      throw new InvalidObjectException("the value's own code threw: " + e, e);
    }
  }

  /** Returns what an entry stands for: the {@link Class} of an array, or a shape. */
  <T> T definition(int number, Class<T> kind, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    var definition = definitions.get(number);
    if (definition == null) {
      throw new StreamCorruptedException("definition " + number + " was never sent");
    }
    var meaning = definition.meaning(loader);
    if (kind.isInstance(meaning)) {
      return kind.cast(meaning);
    }
    throw new StreamCorruptedException(
        "definition " + number + " has the wrong kind, not " + kind.getSimpleName());
  }

  /** An entry of the sender's dictionary. */
  private static final class Definition {
    private final byte[] bytes;
    private volatile @Nullable Meaning latest;

    Definition(byte[] bytes) {
      this.bytes = bytes;
    }

    Object meaning(ClassLoader loader) throws IOException, ClassNotFoundException {
      var known = latest;
      if (known == null || known.loader != loader) {
        known =
            new Meaning(read(new DataInputStream(new ByteArrayInputStream(bytes)), loader), loader);
        latest = known;
      }
      return known.meaning;
    }

    private record Meaning(Object meaning, ClassLoader loader) {}

    private static Object read(DataInputStream in, ClassLoader loader)
        throws IOException, ClassNotFoundException {
      byte kind = in.readByte();
      return switch (kind) {
        case Shape.ARRAY -> array(in.readUTF(), loader);
        case Shape.ENUM -> EnumShape.read(in, loader);
        case Shape.RECORD -> RecordShape.read(in, loader);
        case Shape.LAMBDA -> LambdaShape.read(in, loader);
        default -> throw new StreamCorruptedException("unknown kind of definition: " + kind);
      };
    }

    private static Class<?> array(String name, ClassLoader loader)
        throws IOException, ClassNotFoundException {
      var type = Class.forName(name, false, loader);
      if (!type.isArray() || type.getComponentType().isPrimitive()) {
        throw new StreamCorruptedException(name + " is not an array of references");
      }
      return type;
    }
  }
}

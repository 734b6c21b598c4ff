package dev.segue.process.codec;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes back into values. Safe for use by several threads.
 *
 * <p>Bytes may be faulty: every length is checked against what is left before anything is
 * allocated, and nothing is read that is nested deeper than 500 objects, so that a stack of 1 MB
 * does not overflow. Arrays that Java serialization wrote may not have more elements together than
 * it wrote bytes.
 */
public final class Decoder {
  private final ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;
  private final ConcurrentHashMap<Integer, Definition> definitions = new ConcurrentHashMap<>();

  /**
   * Makes one that knows no definitions.
   *
   * @param loader finds the classes
   * @param filter is asked, beside the JVM's own filter, about each class but those of plain values
   */
  public Decoder(ClassLoader loader, @Nullable ObjectInputFilter filter) {
    this.loader = loader;
    var ofJvm = ObjectInputFilter.Config.getSerialFilter();
    this.filter = filter == null ? ofJvm : ObjectInputFilter.merge(filter, ofJvm);
  }

  /** Learns an entry of the sender's {@link Dictionary}; its class is loaded when first used. */
  public void define(int number, byte[] definition) {
    definitions.put(number, new Definition(definition));
  }

  /**
   * Whether decoding would run nobody's code and load no class: it cannot hang. Such a value is
   * made of primitives, strings and their arrays, and collections of those.
   *
   * @param bytes as for {@link #decode}; stays where it is
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
    try {
      var value = new ValueReader(this, filter, bytes).readAll();
      bytes.position(bytes.limit());
      return value;
    } catch (StackOverflowError e) {
      throw new InvalidObjectException("nested too deeply for the stack", e);
    } catch (RuntimeException e) {
      throw new InvalidObjectException("the value's own code threw: " + e, e);
    }
  }

  ClassLoader loader() {
    return loader;
  }

  /** What an entry stands for: a {@link Class} for an array, or the shape of its kind. */
  <T> T definition(int number, Class<T> kind) throws IOException, ClassNotFoundException {
    var definition = definitions.get(number);
    if (definition == null) {
      throw new StreamCorruptedException("definition " + number + " was never sent");
    }
    if (kind.isInstance(definition.meaning(loader))) {
      return kind.cast(definition.meaning(loader));
    }
    throw new StreamCorruptedException(
        "definition " + number + " has the wrong kind, not " + kind.getSimpleName());
  }

  /** An entry of the sender's dictionary. */
  private static final class Definition {
    private final byte[] bytes;
    private volatile @Nullable Object meaning;

    Definition(byte[] bytes) {
      this.bytes = bytes;
    }

    Object meaning(ClassLoader loader) throws IOException, ClassNotFoundException {
      var known = meaning;
      if (known == null) {
        known = read(new DataInputStream(new ByteArrayInputStream(bytes)), loader);
        meaning = known;
      }
      return known;
    }

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

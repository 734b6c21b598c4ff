package dev.segue.process.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Java deserialization with a given class loader, in which faulty bytes allocate no more than they
 * can fill.
 */
final class JavaReader extends ObjectInputStream {
  private final ClassLoader loader;

  private JavaReader(InputStream in, ClassLoader loader, ObjectInputFilter filter)
      throws IOException {
    super(in);
    this.loader = loader;
    setObjectInputFilter(filter);
  }

  /** Reads one object, to the end. */
  static @Nullable Object read(
      ByteSource in, ClassLoader loader, @Nullable ObjectInputFilter filter, int deepest)
      throws IOException, ClassNotFoundException {
    var bounds = new Bounds(in.left(), deepest);
    var both = filter == null ? bounds : ObjectInputFilter.merge(bounds, filter);
    var stream = in.stream();
    try (var objects = new JavaReader(stream, loader, both)) {
      var object = objects.readObject();
      if (stream.available() > 0) {
        throw new StreamCorruptedException(stream.available() + " bytes after the object");
      }
      return object;
    } catch (InvalidClassException e) {
      if (bounds.crossed == null) {
        throw e;
      }
      throw new InvalidObjectException(bounds.crossed, e);
    }
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass descriptor)
      throws IOException, ClassNotFoundException {
    var name = descriptor.getName();
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      var primitive = Class.forPrimitiveName(name);
      if (primitive != null) {
        return primitive;
      }
      throw e;
    }
  }

  @Override
  @SuppressWarnings("deprecation")
  protected Class<?> resolveProxyClass(String[] names) throws IOException, ClassNotFoundException {
    var definer = loader;
    var interfaces = new Class<?>[names.length];
    for (int i = 0; i < names.length; i++) {
      interfaces[i] = Class.forName(names[i], false, loader);
      if (!Modifier.isPublic(interfaces[i].getModifiers())) {
        definer = interfaces[i].getClassLoader();
      }
    }
    try {
      return Proxy.getProxyClass(definer, interfaces);
    } catch (IllegalArgumentException e) {
      throw new ClassNotFoundException("a proxy class of " + String.join(", ", names), e);
    }
  }

  /**
   * Rejects arrays that together need more bytes than the stream has, and objects nested so deeply
   * that the stack could overflow.
   */
  private static final class Bounds implements ObjectInputFilter {
    /** At the lowest load factor, 0.25, a hash table may be 8 times as long as its entries. */
    private static final int LONGEST_TABLE = 8;

    private static final String COPIES = Collections.nCopies(1, 1).getClass().getName();

    private final int deepest;
    private long bytes;
    private @Nullable String crossed;

    Bounds(int bytes, int deepest) {
      this.bytes = bytes;
      this.deepest = deepest;
    }

    @Override
    public Status checkInput(FilterInfo info) {
      long needed = info.arrayLength() > 0 ? bytes(info) : 0;
      if (needed <= bytes) {
        bytes -= needed;
      } else if (!isAboutCopies()) {
        crossed = "arrays with more elements than the value has bytes";
      }
      // A reference is one deeper here than where it was written.
      if (info.depth() > deepest + 1) {
        crossed = "nested deeper than " + deepest + " objects";
      }
      return crossed == null ? Status.UNDECIDED : Status.REJECTED;
    }

    /** Returns how many bytes the elements take in the stream, at the least. */
    private static long bytes(FilterInfo info) {
      var type = info.serialClass() == null ? null : info.serialClass().getComponentType();
      if (type == Map.Entry.class) {
        return info.arrayLength() / LONGEST_TABLE; // the table of a HashMap or the like
      }
      long size =
          type == long.class || type == double.class
              ? Long.BYTES
              : type == int.class || type == float.class
                  ? Integer.BYTES
                  : type == short.class || type == char.class ? Short.BYTES : 1;
      return info.arrayLength() * size;
    }

    /**
     * Whether {@link Collections#nCopies} asks: as many copies as it likes are one object in the
     * stream, and in memory.
     */
    private static boolean isAboutCopies() {
      return StackWalker.getInstance()
          .walk(frames ->
              frames
                  .dropWhile(frame -> !frame.getMethodName().equals("checkArray"))
                  .skip(1)
                  .findFirst()
                  .filter(frame -> frame.getClassName().equals(COPIES))
                  .isPresent());
    }
  }
}

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
      ByteSource in, ClassLoader loader, @Nullable ObjectInputFilter filter)
      throws IOException, ClassNotFoundException {
    var bounds = new Bounds(in.left());
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
   * Rejects arrays that together have more elements than the stream has bytes, and objects nested
   * so deeply that the stack could overflow.
   */
  private static final class Bounds implements ObjectInputFilter {
    private long elements;
    private @Nullable String crossed;

    Bounds(int bytes) {
      elements = bytes;
    }

    @Override
    public Status checkInput(FilterInfo info) {
      if (info.arrayLength() > 0) {
        elements -= info.arrayLength();
      }
      if (elements < 0) {
        crossed = "arrays with more elements than the value has bytes";
      } else if (info.depth() > Tag.DEEPEST) {
        crossed = "nested deeper than " + Tag.DEEPEST + " objects";
      }
      return crossed == null ? Status.UNDECIDED : Status.REJECTED;
    }
  }
}

package dev.segue.process.codec;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Access to a serializable record. Like Java serialization, it reads fields and not accessors, and
 * calls the canonical constructor.
 */
final class RecordShape {
  private final Class<?> type;
  private final String kinds;
  private final MethodHandle[] getters;
  private final MethodHandle constructor;

  private RecordShape(
      Class<?> type, String kinds, MethodHandle[] getters, MethodHandle constructor) {
    this.type = type;
    this.kinds = kinds;
    this.getters = getters;
    this.constructor = constructor;
  }

  /** Returns the shape of a record class; null if its module does not open its package. */
  static @Nullable RecordShape of(Class<?> type) {
    var components = type.getRecordComponents();
    var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var getters = new MethodHandle[components.length];
      for (int i = 0; i < components.length; i++) {
        var field = type.getDeclaredField(components[i].getName());
        field.setAccessible(true);
        getters[i] =
            MethodHandles.lookup()
                .unreflectGetter(field)
                .asType(MethodType.methodType(erased(types[i]), Object.class));
      }
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return new RecordShape(
          type,
          Stream.of(types)
              .map(each -> each.descriptorString().substring(0, 1))
              .collect(Collectors.joining()),
          getters,
          MethodHandles.lookup()
              .unreflectConstructor(constructor)
              .asFixedArity()
              .asSpreader(Object[].class, components.length)
              .asType(MethodType.methodType(Object.class, Object[].class)));
    } catch (ReflectiveOperationException | InaccessibleObjectException _) {
      return null;
    }
  }

  private static Class<?> erased(Class<?> type) {
    return type.isPrimitive() ? type : Object.class;
  }

  Class<?> type() {
    return type;
  }

  int size() {
    return getters.length;
  }

  /** Returns the first character of a component's descriptor, which tells primitive types apart. */
  char kind(int i) {
    return kinds.charAt(i);
  }

  MethodHandle getter(int i) {
    return getters[i];
  }

  /** Calls the canonical constructor. What it throws is wrapped, as Java serialization does. */
  Object create(@Nullable Object[] arguments) throws IOException {
    try {
      return (Object) constructor.invokeExact(arguments);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new InvalidObjectException(type.getName() + ": " + e.getMessage(), e);
    }
  }

  /** Writes the dictionary's entry. */
  byte[] entry() {
    return Shape.entry(Shape.RECORD, this::writeTo);
  }

  private void writeTo(DataOutputStream out) throws IOException {
    out.writeUTF(type.getName());
    out.writeUTF(components(type));
  }

  /** Reads what {@link #entry} wrote. */
  static RecordShape read(DataInputStream in, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    var name = in.readUTF();
    var components = in.readUTF();
    var type = Class.forName(name, false, loader);
    if (!type.isRecord() || !Serializable.class.isAssignableFrom(type)) {
      throw new InvalidClassException(name, "not a serializable record in this process");
    }
    if (!components.equals(components(type))) {
      throw new InvalidClassException(
          name,
          "its components differ: "
              + components
              + " in the other process, "
              + components(type)
              + " here");
    }
    if (Shape.of(type) instanceof Shape.Components(var shape)) {
      return shape;
    }
    throw new InvalidClassException(
        name, "its module does not open its package to dev.segue.process");
  }

  private static String components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(each -> each.getType().getTypeName() + " " + each.getName())
        .collect(Collectors.joining(", ", "(", ")"));
  }
}

package dev.segue.process.codec;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sun.reflect.ReflectionFactory;

/** How objects of a class are encoded. */
sealed interface Shape {
  /** The kinds of dictionary entries, as their first byte. */
  byte ARRAY = 1;

  byte ENUM = 2;
  byte RECORD = 3;
  byte LAMBDA = 4;

  /** An array; its entry is its class, unless it has a tag of its own. */
  record Array(Class<?> type, byte tag) implements Shape {}

  /** An enum; its entry is its class and the names of its constants. */
  record Enumeration(Class<?> type) implements Shape {}

  /** A record whose components can be read and whose constructor can be called. */
  record Components(RecordShape shape) implements Shape {}

  /** A lambda or method reference, which its {@code writeReplace} describes. */
  record Lambda(MethodHandle writeReplace) implements Shape {}

  /** One of the JDK's collections, which has a tag of its own. */
  record Known(byte tag) implements Shape {}

  /** A class whose {@code writeReplace} replaces its objects. */
  record Replaced(MethodHandle writeReplace) implements Shape {}

  /** A class that only Java serialization can write. */
  record Opaque() implements Shape {}

  /** Returns the shape of a class. */
  static Shape of(Class<?> type) {
    return Shapes.CACHE.get(type);
  }

  /** Writes the dictionary's entry of a class. */
  static byte[] entry(Class<?> type) {
    return switch (of(type)) {
      case Array _ -> entry(ARRAY, out -> out.writeUTF(type.getName()));
      case Enumeration _ -> EnumShape.entry(type);
      case Components(var shape) -> shape.entry();
      case Lambda _, Known _, Replaced _, Opaque _ -> throw new AssertionError(type);
    };
  }

  /** Writes an entry. */
  static byte[] entry(byte kind, Content content) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(kind);
      content.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The content of an entry, after its kind. */
  interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  /** The shapes of all classes. A shape lives as long as its class. */
  final class Shapes {
    private static final ReflectionFactory FACTORY = ReflectionFactory.getReflectionFactory();
    private static final MethodType REPLACE = MethodType.methodType(Object.class, Object.class);

    private static final Map<Class<?>, Byte> KNOWN =
        Map.ofEntries(
            Map.entry(ArrayList.class, Tag.ARRAY_LIST),
            Map.entry(LinkedList.class, Tag.LINKED_LIST),
            Map.entry(Arrays.asList().getClass(), Tag.ARRAYS_AS_LIST),
            Map.entry(List.of().getClass(), Tag.LIST_OF),
            Map.entry(List.of(1).getClass(), Tag.LIST_OF),
            Map.entry(HashSet.class, Tag.HASH_SET),
            Map.entry(LinkedHashSet.class, Tag.LINKED_HASH_SET),
            Map.entry(Set.of().getClass(), Tag.SET_OF),
            Map.entry(Set.of(1).getClass(), Tag.SET_OF),
            Map.entry(HashMap.class, Tag.HASH_MAP),
            Map.entry(LinkedHashMap.class, Tag.LINKED_HASH_MAP),
            Map.entry(Map.of().getClass(), Tag.MAP_OF),
            Map.entry(Map.of(1, 1).getClass(), Tag.MAP_OF));

    private static final Map<Class<?>, Byte> ARRAYS =
        Map.of(
            Object[].class, Tag.OBJECTS,
            String[].class, Tag.STRINGS,
            Integer[].class, Tag.INTEGERS,
            Long[].class, Tag.BOXED_LONGS,
            Double[].class, Tag.BOXED_DOUBLES);

    private static final ClassValue<Shape> CACHE =
        new ClassValue<>() {
          @Override
          protected Shape computeValue(Class<?> type) {
            return shape(type);
          }
        };

    private Shapes() {}

    private static Shape shape(Class<?> type) {
      var tag = KNOWN.get(type);
      if (tag != null) {
        return new Known(tag);
      }
      if (type.isArray()) {
        return new Array(type, ARRAYS.getOrDefault(type, Tag.ARRAY));
      }
      if (Enum.class.isAssignableFrom(type)) {
        return new Enumeration(type.isEnum() ? type : type.getSuperclass());
      }
      if (!Serializable.class.isAssignableFrom(type)) {
        return new Opaque();
      }
      var writeReplace = writeReplace(type);
      if (writeReplace != null) {
        return type.isHidden() && type.isSynthetic()
            ? new Lambda(writeReplace)
            : new Replaced(writeReplace);
      }
      var components = type.isRecord() ? RecordShape.of(type) : null;
      return components == null ? new Opaque() : new Components(components);
    }

    private static @Nullable MethodHandle writeReplace(Class<?> type) {
      var found = FACTORY.writeReplaceForSerialization(type);
      return found == null ? null : found.asType(REPLACE);
    }
  }
}

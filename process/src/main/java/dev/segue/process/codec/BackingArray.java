package dev.segue.process.codec;

import java.io.IOException;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sun.reflect.ReflectionFactory;

/** Takes the array out of a list that {@link Arrays#asList} made, as Java serialization does. */
final class BackingArray extends ObjectOutputStream {
  private static final MethodHandle WRITE_FIELDS =
      Objects.requireNonNull(
              ReflectionFactory.getReflectionFactory()
                  .defaultWriteObjectForSerialization(Arrays.asList().getClass()))
          .asType(MethodType.methodType(void.class, Object.class, ObjectOutputStream.class));

  private @Nullable Object array;

  private BackingArray() throws IOException {}

  static Object of(List<?> list) throws Throwable {
    var fields = new BackingArray();
    WRITE_FIELDS.invokeExact((Object) list, (ObjectOutputStream) fields);
    return Objects.requireNonNull(fields.array);
  }

  @Override
  public PutField putFields() {
    return new PutField() {
      @Override
      public void put(String name, @Nullable Object value) {
        array = value;
      }

      @Override
      public void put(String name, boolean value) {}

      @Override
      public void put(String name, byte value) {}

      @Override
      public void put(String name, char value) {}

      @Override
      public void put(String name, short value) {}

      @Override
      public void put(String name, int value) {}

      @Override
      public void put(String name, long value) {}

      @Override
      public void put(String name, float value) {}

      @Override
      public void put(String name, double value) {}

      @Override
      @SuppressWarnings({"deprecation", "removal"})
      public void write(ObjectOutput out) {}
    };
  }

  @Override
  public void writeFields() {}
}

package dev.segue.cluster;

import dev.segue.futures.TaskNotSerializableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/** On the driver: turns tasks into bytes, and bytes into results. A stand-in. */
final class TaskCodec {
  /** What a task has come to. */
  sealed interface Reply {
    /** It returned. */
    record Returned(@Nullable Object value) implements Reply {}

    /** It threw, or what it returned cannot be decoded. */
    record Failed(Throwable cause) implements Reply {}
  }

  TaskCodec(int longest, Function<Class<?>, @Nullable String> refusal) {}

  static int longest(SparkConf configuration) {
    return 127 << 20;
  }

  byte[] encode(Object task) {
    try {
      return bytes(task);
    } catch (IOException e) {
      throw new TaskNotSerializableException(String.valueOf(e.getMessage()), "", e);
    }
  }

  Reply decode(String task, byte[] bytes, ClassLoader loader) {
    try {
      var parts = (Object[]) object(bytes, loader);
      return parts[1] == null
          ? new Reply.Returned(parts[0])
          : new Reply.Failed((Throwable) parts[1]);
    } catch (Throwable t) {
      return new Reply.Failed(t);
    }
  }

  static byte[] bytes(@Nullable Object value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  static Object object(byte[] bytes, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    try (var in =
        new ObjectInputStream(new ByteArrayInputStream(bytes)) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass type)
              throws IOException, ClassNotFoundException {
            try {
              return Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException _) {
              return super.resolveClass(type);
            }
          }
        }) {
      return in.readObject();
    }
  }
}

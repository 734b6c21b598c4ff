package dev.segue.cluster;

import dev.segue.process.codec.Thrown;
import dev.segue.process.codec.UnencodableException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Objects;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;

/**
 * On an executor: turns bytes into tasks, and what they return or throw into bytes. Safe for use by
 * several threads.
 */
final class RemoteCodec {
  /** The executors have what the driver has sent them, and it has whatever they have. */
  private static final PayloadWriter WRITER = new PayloadWriter(_ -> null);

  private static final PayloadReader READER =
      new PayloadReader(
          Objects.requireNonNullElse(
              RemoteCodec.class.getClassLoader(), ClassLoader.getSystemClassLoader()));

  private RemoteCodec() {}

  /**
   * Decodes a task.
   *
   * @param loader finds the classes
   * @throws ClassNotFoundException if this executor lacks a class; says what to do
   * @throws LinkageError if a class cannot be linked or initialized
   * @throws IOException if the bytes are faulty, or code of the task's own threw
   */
  static Object decodeTask(byte[] task, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    try {
      var decoded = READER.read(task).decode(loader);
      if (decoded == null) {
        throw new StreamCorruptedException("the task is null");
      }
      return decoded;
    } catch (ClassNotFoundException e) {
      throw MissingClass.explain(e);
    }
  }

  /**
   * Encodes what a task returned.
   *
   * @throws UnencodableException if it cannot be, as {@link #encodeFailure} then tells the driver
   */
  static byte[] encodeValue(@Nullable Object value) throws UnencodableException {
    return WRITER.write(Payload.Kind.VALUE, WRITER.encoder().encode(value));
  }

  /** Encodes what a task threw, or why it cannot be decoded, or its result cannot be encoded. */
  static byte[] encodeFailure(Throwable thrown) {
    try {
      return WRITER.write(
          Payload.Kind.FAILURE, Thrown.encode(MissingClass.explain(thrown), WRITER.encoder()));
    } catch (UnencodableException e) {
      throw new AssertionError("a failure is shorter than an array can be", e);
    }
  }

  /** The name of this executor, for messages. */
  static String executor() {
    var env = SparkEnv.get();
    return env == null
        ? "this executor"
        : "executor " + env.executorId() + " (" + env.blockManager().blockManagerId().host() + ")";
  }
}

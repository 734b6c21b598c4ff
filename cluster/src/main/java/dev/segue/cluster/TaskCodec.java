package dev.segue.cluster;

import dev.segue.futures.TaskNotSerializableException;
import dev.segue.process.codec.Thrown;
import dev.segue.process.codec.UnencodableException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * On the driver: turns tasks into bytes, and bytes into what the tasks returned or threw. Safe for
 * use by several threads.
 */
final class TaskCodec {
  private static final String MAX_SIZE = "spark.rpc.message.maxSize";
  private static final int MAX_SIZE_DEFAULT = 128;
  private static final int MIB = 1 << 20;

  /** What a message of Spark's has beside the payload: jars, properties, the task itself. */
  private static final int RESERVE = 512 << 10;

  /** What a task has come to. */
  sealed interface Reply {
    /** It returned. */
    record Returned(@Nullable Object value) implements Reply {}

    /** It threw, or what it returned cannot be decoded. */
    record Failed(Throwable cause) implements Reply {}
  }

  private final PayloadWriter writer;
  private final PayloadReader reader =
      new PayloadReader(TaskCodec.class.getClassLoader()); // any: each reply has its own
  private final int longest;

  /**
   * Makes one.
   *
   * @param longest how many bytes a task may have
   * @param refusal explains why executors cannot load a class, and what to do; null if they can
   */
  TaskCodec(int longest, Function<Class<?>, @Nullable String> refusal) {
    this.longest = longest;
    this.writer = new PayloadWriter(refusal);
  }

  /** Returns how many bytes the tasks may have that one message of Spark's takes together. */
  static int longest(SparkConf configuration) {
    long mib = configuration.getInt(MAX_SIZE, MAX_SIZE_DEFAULT);
    return (int) Math.min(Integer.MAX_VALUE - RESERVE, mib * MIB - RESERVE);
  }

  /**
   * Encodes a task into an array that nothing else uses.
   *
   * @throws TaskNotSerializableException if it, or what it captures, cannot be serialized
   * @throws RejectedExecutionException if it has too many bytes
   */
  byte[] encode(Object task) {
    byte[] payload;
    try {
      payload = writer.write(Payload.Kind.TASK, writer.encoder().encode(task));
    } catch (UnencodableException e) {
      throw e.ofTask();
    }
    if (payload.length > longest) {
      throw new RejectedExecutionException(
          "the task has "
              + payload.length
              + " bytes, more than the maximum of "
              + longest
              + ", which a message of Spark's may have: raise "
              + MAX_SIZE
              + " (in MiB, "
              + MAX_SIZE_DEFAULT
              + " by default), or write the data where the executors can read it");
    }
    return payload;
  }

  /**
   * Decodes what {@link RemoteCodec} has encoded. This may run code of the program, and block.
   *
   * @param task its name
   * @param loader finds the classes
   */
  Reply decode(String task, byte[] reply, ClassLoader loader) {
    try {
      var payload = reader.read(reply);
      return payload.kind() == Payload.Kind.FAILURE
          ? new Reply.Failed(
              Thrown.decode(payload.bytes(), payload.arrays(), payload.decoder(), loader))
          : new Reply.Returned(payload.decode(loader));
    } catch (Throwable t) {
      return new Reply.Failed(Thrown.undecodable(task, t));
    }
  }
}

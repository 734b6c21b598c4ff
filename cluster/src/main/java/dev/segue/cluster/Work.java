package dev.segue.cluster;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.jspecify.annotations.Nullable;

/**
 * On an executor: runs the tasks of one slot, one after the other. What they throw is a result like
 * any other, so that Spark has nothing to run again.
 */
final class Work {
  /** Room for what Spark puts around a result. */
  private static final long RESERVE = 64 << 10;

  private final TaskContext context;
  private final Thread thread = Thread.currentThread();
  private final String threadName = thread.getName();
  private final ClassLoader loader = thread.getContextClassLoader();
  private final String executor;
  private final String host;
  private final long largestResult;

  Work(TaskContext context) {
    StandardInput.end();
    this.context = context;
    var env = SparkEnv.get();
    this.executor = env.executorId();
    this.host = env.blockManager().blockManagerId().host();
    long limit = env.conf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
    this.largestResult =
        Math.min(limit > 0 ? limit : Integer.MAX_VALUE, Integer.MAX_VALUE) - RESERVE;
  }

  /**
   * Runs the tasks.
   *
   * @return the encoded results, null for a task that was not sent
   * @throws TaskKilledException if Spark has been asked to kill the slot
   */
  byte[] @Nullable [] run(Shipment shipment) {
    var items = shipment.items();
    var results = new byte[items.length] @Nullable [];
    for (int i = 0; i < items.length; i++) {
      var item = items[i];
      if (item != null) {
        results[i] = run(item);
        context.killTaskIfInterrupted();
      }
    }
    return results;
  }

  private byte[] run(Shipment.Item item) {
    Attempt.set(new Attempt(item.name(), item.attempt(), executor, host));
    try {
      return bounded(RemoteCodec.encodeValue(call(item)));
    } catch (Throwable thrown) {
      return RemoteCodec.encodeFailure(thrown);
    } finally {
      Attempt.set(null);
      reset();
    }
  }

  private @Nullable Object call(Shipment.Item item) throws Exception {
    var task = RemoteCodec.decodeTask(item.encoded(), loader);
    if (item.wantsValue()) {
      return ((Callable<?>) task).call();
    }
    ((Runnable) task).run();
    return null;
  }

  private byte[] bounded(byte[] result) throws IOException {
    if (result.length > largestResult) {
      throw new IOException(
          "the result has "
              + result.length
              + " bytes, more than spark.driver.maxResultSize lets through ("
              + largestResult
              + "): raise that, or return less");
    }
    return result;
  }

  /** Resets the thread for the next task. */
  private void reset() {
    if (!context.isInterrupted()) {
      var _ = Thread.interrupted();
    }
    if (!thread.getName().equals(threadName)) {
      thread.setName(threadName);
    }
    thread.setContextClassLoader(loader);
  }
}

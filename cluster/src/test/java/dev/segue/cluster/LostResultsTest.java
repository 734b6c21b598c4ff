package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.WorkerLostException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.reflect.ClassTag;

/** The thread of Spark's that reads a result runs out of memory, and Spark says nothing of it. */
@Tag("fault-injection")
@Tag("long") // as Spark has to be given time
@Timeout(240)
class LostResultsTest {
  private static final AtomicInteger LEFT = new AtomicInteger();

  private SparkContext context;
  private SparkExecutor executor;

  /** Reads no result while there are failures left. Spark makes it. */
  public static final class Failing extends JavaSerializer {
    public Failing(SparkConf configuration) {
      super(configuration);
    }

    @Override
    public SerializerInstance newInstance() {
      return new Instance(super.newInstance());
    }
  }

  private static final class Instance extends SerializerInstance {
    private final SerializerInstance java;

    Instance(SerializerInstance java) {
      this.java = java;
    }

    private static void read() {
      if (Thread.currentThread().getName().startsWith("task-result-getter")
          && LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new OutOfMemoryError("thrown by a test");
      }
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> type) {
      return java.serialize(value, type);
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> type) {
      read();
      return java.deserialize(bytes, type);
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> type) {
      read();
      return java.deserialize(bytes, loader, type);
    }

    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return java.serializeStream(out);
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      read();
      return java.deserializeStream(in);
    }
  }

  private Future<Integer> submit(int failures, int maxFailures) throws Exception {
    TestContext.stop();
    context =
        new SparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("tests")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.task.maxFailures", Integer.toString(maxFailures))
                .set("spark.serializer", Failing.class.getName()));
    executor = SparkExecutor.on(context).build();
    assertThat(executor.submit(() -> 1).get(60, TimeUnit.SECONDS)).isEqualTo(1);
    LEFT.set(failures);
    return executor.submit(() -> 2);
  }

  @AfterEach
  void end() {
    LEFT.set(0);
    executor.close();
    context.stop();
  }

  @Test
  void aTaskWhoseResultSparkLosesRunsAgain() throws Exception {
    var future = submit(1, 4);
    assertThat(future.get(120, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(LEFT).hasValue(0);
    assertThat(executor.stats().repeated()).isEqualTo(1);
  }

  @Test
  void aTaskWhoseResultSparkLosesEachTimeFailsWithTheReason() throws Exception {
    var future = submit(2, 2);
    assertThatThrownBy(() -> future.get(120, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("was lost in its second attempt")
        .hasMessageContaining("Spark received its result and lost it");
    assertThat(executor.submit(() -> 3).get(60, TimeUnit.SECONDS)).isEqualTo(3);
  }
}

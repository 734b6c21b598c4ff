package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.cluster.Payload.Kind;
import dev.segue.cluster.TaskCodec.Reply;
import dev.segue.futures.RemoteException;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.TaskNotSerializableException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class TaskCodecTest {
  private static final ClassLoader HERE = TaskCodecTest.class.getClassLoader();
  private static final ClassLoader WITHOUT_US = ClassLoader.getPlatformClassLoader();

  private final TaskCodec driver = new TaskCodec(Integer.MAX_VALUE, _ -> null);

  private static byte[] run(byte[] task) {
    try {
      return RemoteCodec.encodeValue(((Callable<?>) RemoteCodec.decodeTask(task, HERE)).call());
    } catch (Throwable t) {
      return RemoteCodec.encodeFailure(t);
    }
  }

  private Object returned(SerializableCallable<?> task) {
    return switch (driver.decode("task", run(driver.encode(task)), HERE)) {
      case Reply.Returned(var value) -> value;
      case Reply.Failed(var cause) -> throw new AssertionError(cause);
    };
  }

  private Throwable thrown(SerializableCallable<?> task) {
    return ((Reply.Failed) driver.decode("task", run(driver.encode(task)), HERE)).cause();
  }

  record Point(int x, String name, List<Long> numbers) implements Serializable {}

  @Test
  void taskAndResultTravel() {
    int a = 3;
    int b = 4;
    assertThat(returned(() -> a * b)).isEqualTo(12);
    var point = new Point(1, "é", List.of(1L, 2L));
    assertThat(returned(() -> List.of(point, point))).isEqualTo(List.of(point, point));
    assertThat(returned(() -> null)).isNull();
  }

  @Test
  void largeArraysAreInThePayload() {
    var ints = IntStream.range(0, 30_000).toArray();
    var doubles = new double[50_000];
    Arrays.fill(doubles, 0.5);
    var bytes = new byte[3 << 20];
    bytes[bytes.length - 1] = 7;
    var task = driver.encode((SerializableCallable<Object>) () -> List.of(ints, doubles, bytes));
    assertThat(task.length).isBetween(3_665_000, 3_675_000);
    ints[0] = -1; // the payload is a copy
    var reply = (Reply.Returned) driver.decode("task", run(task), HERE);
    var arrays = (List<?>) reply.value();
    assertThat((int[]) arrays.get(0)).isEqualTo(IntStream.range(0, 30_000).toArray());
    assertThat((double[]) arrays.get(1)).isEqualTo(doubles);
    assertThat((byte[]) arrays.get(2)).isEqualTo(bytes);
  }

  @Test
  void eachPayloadHasAllThatAnExecutorNeeds() throws Exception {
    SerializableCallable<Object> task = () -> new Point(1, "", List.of());
    driver.encode(task);
    var second = driver.encode(task);
    var executor = new PayloadReader(HERE); // has not seen the first
    var decoded = (Callable<?>) executor.read(second).decode(HERE);
    assertThat(decoded.call()).isEqualTo(new Point(1, "", List.of()));
  }

  @Test
  void decoderIsKeptForEachDriver() throws Exception {
    SerializableCallable<Object> task = () -> 1;
    var executor = new PayloadReader(HERE);
    var first = executor.read(driver.encode(task));
    var other = executor.read(new TaskCodec(1_000, _ -> null).encode(task));
    assertThat(executor.read(driver.encode(task)).decoder()).isSameAs(first.decoder());
    assertThat(other.decoder()).isNotSameAs(first.decoder());
  }

  @Test
  void faultyPayloadIsRefused() throws Exception {
    var ints = new int[5_000];
    var payload = driver.encode((SerializableCallable<Object>) () -> ints);
    var executor = new PayloadReader(HERE);
    for (int length = 0; length < payload.length; length += length < 2_000 ? 1 : 997) {
      var cut = Arrays.copyOf(payload, length);
      assertThatThrownBy(() -> executor.read(cut).decode(HERE)).isInstanceOf(IOException.class);
    }
    payload[0] = 9;
    assertThatThrownBy(() -> executor.read(payload))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessage("not a payload: its first byte is 9");
  }

  @Test
  void exceptionArrivesAsItWasThrown() {
    assertThat(
            thrown(() -> {
              throw new IllegalStateException("no", new IOException("why"));
            }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no")
        .hasCauseInstanceOf(IOException.class);
  }

  static final class Unsendable extends RuntimeException {
    final transient Object nothing = null;
    final Object lock = new Object();

    Unsendable() {
      super("stuck");
    }
  }

  @Test
  void exceptionThatCannotTravelArrivesAsText() {
    var thrown =
        (RemoteException)
            thrown(() -> {
              throw new Unsendable();
            });
    assertThat(thrown.thrownClass()).isEqualTo(Unsendable.class.getName());
    assertThat(thrown).hasMessageContaining("stuck");
    assertThat(thrown.remoteStack()).contains("TaskCodecTest");
  }

  @Test
  void resultThatCannotTravelFailsTheTask() {
    assertThat(thrown(() -> new Object[] {new Thread()}))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining(
            "the result cannot be sent back: java.lang.Thread is not serializable");
  }

  @Test
  void taskThatCannotTravelIsRejectedWithThePath() {
    var lock = new Object();
    SerializableCallable<Object> task = () -> lock.hashCode();
    assertThatThrownBy(() -> driver.encode(task))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("java.lang.Object is not serializable, at ")
        .extracting(e -> ((TaskNotSerializableException) e).path())
        .asString()
        .isNotEmpty();
  }

  @Test
  void refusedClassIsRejected() {
    var refusing = new TaskCodec(1_000, type -> type.isHidden() ? "it cannot travel" : null);
    assertThatThrownBy(() -> refusing.encode((SerializableCallable<Object>) () -> null))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("it cannot travel");
  }

  @Test
  void taskTooLargeForAMessageIsRejected() {
    var small = new TaskCodec(100_000, _ -> null);
    var bytes = new byte[100_000];
    assertThatThrownBy(() -> small.encode((SerializableCallable<Object>) () -> bytes))
        .isExactlyInstanceOf(RejectedExecutionException.class)
        .hasMessageMatching(
            "the task has 100\\d\\d\\d bytes, more than the maximum of 100000, .*"
                + "raise spark.rpc.message.maxSize .*");
  }

  @Test
  void longestTaskComesFromTheConfiguration() {
    assertThat(TaskCodec.longest(new SparkConf(false))).isEqualTo((128 << 20) - (512 << 10));
    assertThat(TaskCodec.longest(new SparkConf(false).set("spark.rpc.message.maxSize", "2047")))
        .isEqualTo(Integer.MAX_VALUE - (1 << 20) + 1 - (512 << 10));
  }

  @Test
  void deepValuesTravel() {
    Object deep = "core";
    for (int i = 0; i < 600; i++) {
      deep = new ArrayList<>(List.of(deep));
    }
    var sent = (Serializable) deep;
    Object back = returned(() -> sent);
    int depth = 0;
    while (back instanceof List<?> list) {
      back = list.getFirst();
      depth++;
    }
    assertThat(back).isEqualTo("core");
    assertThat(depth).isEqualTo(600);
  }

  @Test
  void classThatTheExecutorLacksIsNamedWithWhatToDo() {
    var task = driver.encode((SerializableCallable<Object>) () -> 1);
    assertThatThrownBy(() -> RemoteCodec.decodeTask(task, WITHOUT_US))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageStartingWith(
            TaskCodecTest.class.getName() + " is not on the class path of this executor: send")
        .hasMessageContaining("addJar()")
        .hasMessageContaining("addClasses()")
        .hasMessageContaining("shipClassPath(true)");
  }

  @Test
  void classThatARunningTaskLacksIsNamedWithWhatToDo() {
    assertThat(
            thrown(() -> {
              var e = new NoClassDefFoundError("com/acme/Tool");
              e.initCause(new ClassNotFoundException("com.acme.Tool"));
              throw e;
            }))
        .isInstanceOf(NoClassDefFoundError.class)
        .hasMessageStartingWith("com.acme.Tool is not on the class path of this executor");
  }

  @Test
  void exceptionOfTheTasksOwnIsNotChanged() {
    assertThat(
            thrown(() -> {
              throw new ClassNotFoundException("com.acme.Plugin");
            }))
        .hasMessage("com.acme.Plugin");
  }

  @Test
  void resultOfAClassThatTheDriverLacksFails() throws Exception {
    var reply = RemoteCodec.encodeValue(new Point(1, "", List.of()));
    assertThat(((Reply.Failed) driver.decode("task-1", reply, WITHOUT_US)).cause())
        .isInstanceOf(RemoteException.class)
        .hasMessageContaining("cannot decode the result of task-1")
        .hasMessageContaining("Point");
  }

  @Test
  void kindsHaveDifferentCodes() throws Exception {
    for (var kind : Kind.values()) {
      assertThat(Kind.of(kind.code())).isEqualTo(kind);
    }
  }
}

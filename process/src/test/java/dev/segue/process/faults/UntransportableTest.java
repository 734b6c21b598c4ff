package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fixtures.ChildJvm;
import dev.segue.futures.RemoteException;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.TaskNotSerializableException;
import dev.segue.futures.WorkerLostException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Arguments, results and exceptions that cannot be serialized, or that do harm when they are
 * deserialized.
 */
@Timeout(180)
class UntransportableTest extends WithPools {
  /** Whether {@link SpinsWhenRead} may go on; only in the parent. */
  private static volatile boolean spinning;

  @AfterEach
  void stopSpinning() {
    spinning = false;
  }

  // Arguments.

  @Test
  void anArgumentThatIsNotSerializableIsRefusedWithThePathToIt() {
    var pool = pool(1);
    var argument = new Holder(new NotSerializable());

    assertThatThrownBy(() -> pool.submit(() -> argument.held() != null))
        .isInstanceOfSatisfying(
            TaskNotSerializableException.class,
            refused -> assertThat(refused.path()).contains("held"))
        .hasMessageContaining("NotSerializable");
  }

  @Test
  void anArgumentWhoseWriteObjectThrowsIsRefusedWithTheReason() {
    var pool = pool(1);
    var argument = new ThrowsWhenWritten();

    assertThatThrownBy(() -> pool.submit(() -> argument.hashCode()))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("must not be written");
  }

  @Test
  void anArgumentWhoseWriteObjectThrowsUncheckedIsRefusedWithTheReason() {
    var pool = pool(1);
    var argument = new ThrowsUncheckedWhenWritten();

    assertThatThrownBy(() -> pool.submit(() -> argument.hashCode()))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("must not be written");
  }

  @Test
  void anArgumentNestedTooDeepIsRefused() {
    var pool = pool(1);
    var argument = nested(200_000);

    assertThatThrownBy(() -> pool.submit(() -> argument.size()))
        .isInstanceOf(TaskNotSerializableException.class);
  }

  @Test
  void anArgumentWhoseReadObjectThrowsFailsItsTaskAndItsWorkerLives() throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));
    var argument = new ThrowsWhenRead();

    var future = pool.submit(() -> argument.hashCode());

    assertThat(Await.failure(future))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("must not be read");
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
  }

  @Test
  void anArgumentWhoseReadObjectHangsEndsWithItsTimeOut() throws Exception {
    var pool = pool(quiet(1).cancelGrace(Duration.ofMillis(50)));
    var argument = new HangsWhenRead();

    var future = pool.submit(limited("victim", 300), () -> argument.hashCode());
    var other = pool.submit(() -> 5);

    assertThat(Await.failure(future)).isInstanceOf(TimeoutException.class);
    assertThat(Await.result(other)).isEqualTo(5);
  }

  @Test
  void anArgumentWhoseReadObjectKillsTheProcessLosesItsTaskAlone() throws Exception {
    var pool = pool(1);
    var argument = new KillsWhenRead();

    var future = pool.submit(named("victim"), () -> argument.hashCode());
    var other = pool.submit(() -> 5);

    assertThat(Await.failure(future))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("victim");
    assertThat(Await.result(other)).isEqualTo(5);
  }

  // Results.

  @Test
  void aResultThatIsNotSerializableFailsItsTaskWithThePathToIt() throws Exception {
    assertFailsAndWorkerLives(
        () -> new Holder(new NotSerializable()),
        thrown ->
            assertThat(thrown)
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("result")
                .hasMessageContaining("NotSerializable"));
  }

  @Test
  void aResultWhoseWriteObjectThrowsFailsItsTask() throws Exception {
    assertFailsAndWorkerLives(
        ThrowsWhenWritten::new,
        thrown -> assertThat(thrown).hasStackTraceContaining("must not be written"));
  }

  @Test
  void aResultWhoseWriteObjectThrowsUncheckedFailsItsTask() throws Exception {
    assertFailsAndWorkerLives(
        ThrowsUncheckedWhenWritten::new,
        thrown -> assertThat(thrown).hasStackTraceContaining("must not be written"));
  }

  @Test
  void aResultNestedTooDeepFailsItsTask() throws Exception {
    assertFailsAndWorkerLives(() -> nested(200_000), thrown -> assertThat(thrown).isNotNull());
  }

  @Test
  void aResultWhoseReadObjectThrowsFailsItsTask() throws Exception {
    assertFailsAndWorkerLives(
        ThrowsWhenRead::new,
        thrown ->
            assertThat(thrown)
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("cannot decode the result")
                .hasMessageContaining("must not be read"));
  }

  @Test
  void aResultThatTheFilterRefusesFailsItsTask() throws Exception {
    var pool = pool(quiet(1).filter(ObjectInputFilter.Config.createFilter("java.base/*;!*")));
    long pid = Await.result(pool.submit(TaskBodies::pid));

    var future = pool.submit(() -> new Harmless("refused"));

    assertThat(Await.failure(future)).isInstanceOf(RemoteException.class);
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
  }

  private void assertFailsAndWorkerLives(
      SerializableCallable<Object> task, Consumer<Throwable> check) throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));

    check.accept(Await.failure(pool.submit(task)));

    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
  }

  @Test
  void aResultWhoseReadObjectHangsEndsWithItsTimeOut() throws Exception {
    var pool = pool(1);

    var future = pool.submit(limited("victim", 500), HangsWhenRead::new);

    assertThat(Await.failure(future))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("victim");
    assertThat(Await.result(pool.submit(() -> new Harmless("fine")))).isNotNull();
  }

  @Test
  void aResultWhoseReadObjectHangsDoesNotHoldUpOthers() throws Exception {
    var pool = pool(1);
    spinning = true;
    for (int i = 0; i < Runtime.getRuntime().availableProcessors() + 1; i++) {
      pool.submit(SpinsWhenRead::new);
    }

    assertThat(Await.result(pool.submit(() -> new Harmless("fine"))).text()).isEqualTo("fine");
  }

  @Test
  void aPoolThatIsKilledDoesNotWaitForAResultWhoseReadObjectHangs() throws Exception {
    var pool = pool(1);
    var future = pool.submit(named("victim"), HangsWhenRead::new);
    Await.until(
        "the result has come",
        () -> pool.workers().stream().anyMatch(worker -> worker.tasksDone() == 1));

    pool.killWorkers();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    Await.until("its future has ended", future::isDone);
  }

  @Test
  void aResultLargerThanTheParentsHeapFailsItsTaskAlone() throws Exception {
    try (var child =
        ChildJvm.of(StarvingProgram.class).options("-Xmx64m").arguments("heap").start()) {
      assertThat(child.line("other")).isEqualTo("5");
      assertThat(child.line("first")).contains("OutOfMemoryError");
      assertThat(child.line("second")).isEqualTo("5");
    }
  }

  // Exceptions.

  @Test
  void anExceptionComesBackAsItselfWithTheStackOfTheWorker() throws Exception {
    var pool = pool(1);

    assertThat(Await.failure(pool.submit(() -> Integer.parseInt("seven"))))
        .isInstanceOf(NumberFormatException.class)
        .hasMessageContaining("seven")
        .hasStackTraceContaining("Integer.parseInt")
        .hasStackTraceContaining("UntransportableTest");
  }

  @Test
  void anErrorComesBackAsItself() throws Exception {
    assertFailsAndWorkerLives(
        () -> {
          throw new AssertionError("an error");
        },
        thrown -> assertThat(thrown).isInstanceOf(AssertionError.class).hasMessage("an error"));
  }

  @Test
  void anExceptionThatHoldsWhatIsNotSerializableIsDescribed() throws Exception {
    assertDescribed(
        () -> fail(new HoldingException(new NotSerializable())), HoldingException.class);
  }

  @Test
  void anExceptionWhoseWriteObjectThrowsIsDescribed() throws Exception {
    assertDescribed(() -> fail(new UnwritableException()), UnwritableException.class);
  }

  @Test
  void anExceptionWhoseReadObjectThrowsIsDescribed() throws Exception {
    assertDescribed(() -> fail(new UnreadableException()), UnreadableException.class);
  }

  @Test
  void anExceptionWithACauseThatCannotTravelIsDescribedWithIt() throws Exception {
    assertFailsAndWorkerLives(
        () -> fail(new IllegalStateException("outer", new HoldingException(new NotSerializable()))),
        thrown -> {
          assertThat(thrown).hasStackTraceContaining("outer");
          assertThat(text(thrown)).contains("it holds on");
        });
  }

  @Test
  void anExceptionWhoseTextThrowsIsDescribed() throws Exception {
    assertFailsAndWorkerLives(
        () -> fail(new SpeechlessException(new NotSerializable())),
        thrown ->
            assertThat(thrown)
                .isInstanceOfSatisfying(
                    RemoteException.class,
                    remote ->
                        assertThat(remote.thrownClass())
                            .isEqualTo(SpeechlessException.class.getName())));
  }

  private static String text(Throwable thrown) {
    return thrown instanceof RemoteException remote ? remote.remoteStack() : thrown.toString();
  }

  private static Object fail(Exception exception) throws Exception {
    throw exception;
  }

  private void assertDescribed(SerializableCallable<Object> task, Class<?> thrownClass)
      throws Exception {
    assertFailsAndWorkerLives(
        task,
        thrown ->
            assertThat(thrown)
                .isInstanceOfSatisfying(
                    RemoteException.class,
                    remote -> {
                      assertThat(remote.thrownClass()).isEqualTo(thrownClass.getName());
                      assertThat(remote).hasMessageContaining("it holds on");
                      assertThat(remote.remoteStack()).contains("UntransportableTest.java");
                    }));
  }

  // Classes.

  @Test
  void aTaskWhoseClassTheWorkerHasNotFailsAndTheWorkerLives() throws Exception {
    var pool = pool(quiet(1).classPath(ClassPaths.withoutTests()));

    var future = pool.submit(TaskBodies::pid);

    assertThat(Await.failure(future))
        .hasStackTraceContaining("ClassNotFoundException")
        .hasStackTraceContaining("dev.segue.process.faults.");
    assertThat(pool.workers()).hasSize(1);
    assertThat(pool.workers().getFirst().tasksDone()).isEqualTo(1);
  }

  // What is not serialized.

  private static ArrayList<Object> nested(int depth) {
    var list = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      var outer = new ArrayList<>();
      outer.add(list);
      list = outer;
    }
    return list;
  }

  private record Holder(Object held) implements Serializable {}

  private record Harmless(String text) implements Serializable {}

  private static final class NotSerializable {}

  private static final class ThrowsWhenWritten implements Serializable {
    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new IOException("must not be written");
    }
  }

  private static final class ThrowsUncheckedWhenWritten implements Serializable {
    private void writeObject(ObjectOutputStream out) {
      throw new IllegalStateException("must not be written");
    }
  }

  private static final class ThrowsWhenRead implements Serializable {
    private void readObject(ObjectInputStream in) throws IOException {
      throw new InvalidObjectException("must not be read");
    }
  }

  private static final class HangsWhenRead implements Serializable {
    private void readObject(ObjectInputStream in) {
      TaskBodies.ignoreInterrupts();
    }
  }

  private static final class SpinsWhenRead implements Serializable {
    private void readObject(ObjectInputStream in) {
      while (spinning) {
        Thread.onSpinWait();
      }
    }
  }

  private static final class KillsWhenRead implements Serializable {
    private void readObject(ObjectInputStream in) {
      Runtime.getRuntime().halt(9);
    }
  }

  private static class HoldingException extends RuntimeException {
    @SuppressWarnings("unused")
    private final Object held;

    HoldingException(Object held) {
      super("it holds on");
      this.held = held;
    }
  }

  private static final class SpeechlessException extends HoldingException {
    SpeechlessException(Object held) {
      super(held);
    }

    @Override
    public String getMessage() {
      throw new IllegalStateException("no words");
    }
  }

  private static final class UnwritableException extends RuntimeException {
    UnwritableException() {
      super("it holds on");
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new IOException("must not be written");
    }
  }

  private static final class UnreadableException extends RuntimeException {
    UnreadableException() {
      super("it holds on");
    }

    private void readObject(ObjectInputStream in) throws IOException {
      throw new InvalidObjectException("must not be read");
    }
  }
}

package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input that is null or at its limits gets its documented answer. */
@Timeout(60)
@ExtendWith(TestContext.EndsAfterwards.class)
class BadInputTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static SparkExecutor executor;

  @BeforeAll
  static void open() {
    executor = TestContext.executor().build();
  }

  @AfterAll
  static void close() {
    executor.close();
  }

  private static Arguments call(String name, ThrowingCallable call) {
    return arguments(name, call);
  }

  static Stream<Arguments> nulls() {
    SerializableCallable<Integer> callable = () -> 1;
    SerializableRunnable runnable = () -> {};
    var builder = SparkExecutor.builder();
    var cluster = LocalCluster.builder();
    return Stream.of(
        call("on", () -> SparkExecutor.on(null)),
        call("submit(SerializableCallable)", () -> executor.submit((SerializableCallable<?>) null)),
        call("submit(SerializableRunnable)", () -> executor.submit((SerializableRunnable) null)),
        call("submit(null, callable)", () -> executor.submit((TaskOptions) null, callable)),
        call("submit(null, runnable)", () -> executor.submit((TaskOptions) null, runnable)),
        call(
            "submit(options, callable)",
            () -> executor.submit(TaskOptions.DEFAULT, (SerializableCallable<?>) null)),
        call(
            "submit(options, runnable)",
            () -> executor.submit(TaskOptions.DEFAULT, (SerializableRunnable) null)),
        call("submit(Callable)", () -> executor.submit((Callable<?>) null)),
        call("submit(Runnable)", () -> executor.submit((Runnable) null)),
        call("submit(Runnable, result)", () -> executor.submit((Runnable) null, 1)),
        call("execute(SerializableRunnable)", () -> executor.execute((SerializableRunnable) null)),
        call("execute(Runnable)", () -> executor.execute((Runnable) null)),
        call("invokeAll", () -> executor.invokeAll(null)),
        call("invokeAll with a time-out", () -> executor.invokeAll(null, 1, null)),
        call("invokeAll without a unit", () -> executor.invokeAll(List.of(), 1, null)),
        call("invokeAny", () -> executor.invokeAny(null)),
        call("invokeAny without a unit", () -> executor.invokeAny(List.of(callable), 1, null)),
        call("awaitTermination", () -> executor.awaitTermination(1, null)),
        call("addJar", () -> executor.addJar(null)),
        call("addClasses", () -> executor.addClasses((Class<?>[]) null)),
        call("addClasses(null)", () -> executor.addClasses((Class<?>) null)),
        call("master", () -> builder.master(null)),
        call("name", () -> builder.name(null)),
        call("config(null, value)", () -> builder.config(null, "value")),
        call("config(key, null)", () -> builder.config("key", null)),
        call("taskTimeout", () -> builder.taskTimeout(null)),
        call("cancelGrace", () -> builder.cancelGrace(null)),
        call("startTimeout", () -> builder.startTimeout(null)),
        call("whenFull", () -> builder.whenFull(null)),
        call("batch", () -> builder.batch(2, null)),
        call("a cluster's startTimeout", () -> cluster.startTimeout(null)),
        call("a cluster's config(null, value)", () -> cluster.config(null, "value")),
        call("a cluster's config(key, null)", () -> cluster.config("key", null)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void nulls(String name, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
  }

  static Stream<Arguments> limits() {
    var builder = SparkExecutor.builder();
    var cluster = LocalCluster.builder();
    return Stream.of(
        call("taskTimeout", () -> builder.taskTimeout(Duration.ZERO)),
        call("startTimeout", () -> builder.startTimeout(Duration.ZERO)),
        call("cancelGrace", () -> builder.cancelGrace(SECOND.negated())),
        call("no room for tasks", () -> builder.queueCapacity(0, 1)),
        call("no room for bytes", () -> builder.queueCapacity(1, 0)),
        call("maxBatch", () -> builder.batch(0, SECOND)),
        call("maxDelay", () -> builder.batch(1, SECOND.negated())),
        call("workers", () -> cluster.workers(-1)),
        call("coresPerWorker", () -> cluster.coresPerWorker(0)),
        call("memoryPerWorker", () -> cluster.memoryPerWorker(0)),
        call("addJar", () -> executor.addJar(Path.of("/none.jar"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void limits(String name, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }
}

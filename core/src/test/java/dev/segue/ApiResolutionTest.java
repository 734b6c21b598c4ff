package dev.segue;

import static dev.segue.Async.asCompleted;
import static dev.segue.Async.await;
import static dev.segue.Async.createTask;
import static dev.segue.Async.gather;
import static dev.segue.Async.runInExecutor;
import static dev.segue.Async.shield;
import static dev.segue.Async.sleep;
import static dev.segue.Async.timeout;
import static dev.segue.Async.toThread;
import static dev.segue.Async.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.Futures;
import dev.segue.futures.ReturnWhen;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.WaitResult;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which overload a call resolves to, for the lambdas and method references that programs write.
 *
 * <p>That {@link Calls} compiles says that no call is ambiguous, and what type each has. Which
 * overload the compiler chose is read from its class file.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApiResolutionTest {
  /** The methods that a method of {@link Calls} calls, its lambdas included. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface ResolvesTo {
    String[] value();
  }

  /** One call each. They are compiled, and never run. */
  @SuppressWarnings({"unused", "CheckReturnValue"})
  private static final class Calls {
    private static final Duration SECOND = Duration.ofSeconds(1);

    static void delay(int seconds, String message) throws InterruptedException {}

    static String fetch(int i) throws IOException {
      return "";
    }

    static int[] sort(int[] a) {
      return a;
    }

    static void fire() {}

    static void main1() throws Exception {}

    static int main2() throws IOException {
      return 1;
    }

    // --- run: what the body throws is what the caller has to handle

    @ResolvesTo("Async.run(Action)")
    static void runOfABlock() {
      Async.run(() -> {
        delay(1, "");
      });
    }

    @ResolvesTo("Async.run(Action)")
    static void runOfAVoidMethod() throws Exception {
      Async.run(Calls::main1);
    }

    @ResolvesTo("Async.run(Body)")
    static void runOfAMethodWithAResult() throws IOException {
      Integer i = Async.run(Calls::main2);
    }

    @ResolvesTo("Async.run(Action)")
    static void runOfABlockThatDropsAResult() throws IOException {
      Async.run(() -> {
        fetch(1);
      });
    }

    @ResolvesTo("Async.run(Body)")
    static void runOfAnExpression() throws IOException {
      String s = Async.run(() -> fetch(1));
      var inferred = Async.run(() -> fetch(1));
      s = inferred;
    }

    static String send() throws IOException, InterruptedException {
      return "";
    }

    @ResolvesTo("Async.run(Body)")
    static void runOfWhatIsInterruptibleToo() throws IOException {
      String s = Async.run(() -> send());
    }

    @ResolvesTo("Async.run(Action)")
    static void runOfWhatIsOnlyInterruptible() {
      Async.run(() -> Thread.sleep(1));
    }

    @ResolvesTo("Async.timeout(Duration, Body)")
    static void timeoutOfWhatIsInterruptibleToo() throws IOException, TimeoutException {
      String s = timeout(SECOND, Calls::send);
    }

    @ResolvesTo("TaskGroup.call(GroupBody)")
    static void groupOfWhatIsInterruptibleToo() throws IOException {
      String s = TaskGroup.call(g -> send());
    }

    @ResolvesTo("Async.run(Action)")
    static void runOfNothing() {
      Async.run(() -> {});
    }

    @ResolvesTo("Async.run(Body)")
    static void runOfAValue() {
      Integer v = Async.run(() -> 5);
    }

    @ResolvesTo("Async.run(Body)")
    static void runOfAThrow() {
      Async.run(() -> {
        throw new IllegalStateException();
      });
    }

    @ResolvesTo("Async.run(Action)")
    static void runOfALoopThatMayEnd(String[] a) {
      Async.run(() -> {
        while (a.length < 1000) {}
      });
    }

    @ResolvesTo("EventLoop.run(Action)")
    static void runOnALoopOfAVoidMethod(EventLoop loop) throws Exception {
      loop.run(Calls::main1);
    }

    @ResolvesTo("EventLoop.run(Body)")
    static void runOnALoopOfAMethodWithAResult(EventLoop loop) throws IOException {
      Integer i = loop.run(Calls::main2);
    }

    @ResolvesTo("EventLoop.submit(Callable)")
    static void submitOfAnExpression(EventLoop loop) {
      Task<String> t = loop.submit(() -> fetch(1));
    }

    @ResolvesTo("EventLoop.submit(Action)")
    static void submitOfABlock(EventLoop loop) {
      Task<Void> t =
          loop.submit(() -> {
            Thread.sleep(1);
          });
    }

    @ResolvesTo("EventLoop.submit(Action)")
    static void submitOfAVoidMethod(EventLoop loop) {
      Task<Void> t = loop.submit(Calls::fire);
    }

    // --- createTask

    @ResolvesTo("Async.createTask(Callable)")
    static void createTaskOfAnExpression() {
      Task<String> t = createTask(() -> fetch(1));
    }

    @ResolvesTo("Async.createTask(Action)")
    static void createTaskOfABlockThatSleeps() {
      Task<Void> t =
          createTask(() -> {
            Thread.sleep(1);
          });
    }

    @ResolvesTo("Async.createTask(Action)")
    static void createTaskOfASleep() {
      Task<Void> t = createTask(() -> Thread.sleep(1));
    }

    @ResolvesTo("Async.createTask(String, Action)")
    static void createTaskOfANamedVoidMethod() {
      Task<Void> t = createTask("n", Calls::fire);
    }

    @ResolvesTo("Async.createTask(String, Callable)")
    static void createTaskOfANamedMethodWithAResult() {
      Task<Integer> t = createTask("n", Calls::main2);
    }

    @ResolvesTo("Async.createTask(Action)")
    static void createTaskOfAVoidCall() {
      Task<Void> t = createTask(() -> fire());
    }

    // --- await

    @ResolvesTo("Async.await(CompletableFuture)")
    static void awaitOfACompletableFuture(CompletableFuture<String> future) {
      String explicit = Async.<String>await(future);
      var inferred = await(future);
      explicit = inferred;
    }

    @ResolvesTo("Async.await(CompletionStage)")
    static void awaitOfACompletionStage(CompletionStage<String> stage) {
      String s = await(stage);
    }

    @ResolvesTo("Async.await(Future)")
    static void awaitOfAFuture(Future<String> future) {
      String s = await(future);
    }

    @ResolvesTo("Async.await(Future)")
    static void awaitOfATask(Task<String> task) {
      String s = await(task);
    }

    interface FutureStage<T> extends Future<T>, CompletionStage<T> {}

    @ResolvesTo("Async.await(Object)")
    static void awaitOfAFutureThatIsAStage(FutureStage<String> future) {
      String s = await(future);
      var inferred = await(future);
      s = inferred;
    }

    @ResolvesTo("Async.await(Object)")
    static <F extends Future<String> & CompletionStage<String>> void awaitOfATypeVariable(F f) {
      String s = await(f);
    }

    // --- gather

    @ResolvesTo("Async.gather(Callable[])")
    static void gatherOfExpressions() {
      List<String> l = gather(() -> fetch(1), () -> fetch(2));
    }

    @ResolvesTo("Async.gather(Callable[])")
    static void gatherOfExpressionsOfTwoTypes() {
      List<Object> l = gather(() -> fetch(1), () -> 2);
    }

    @ResolvesTo("Async.gather(Action[])")
    static void gatherOfVoidCalls() {
      gather(() -> delay(1, "ONE"), () -> delay(2, "TWO"));
    }

    @ResolvesTo("Async.gather(Action[])")
    static void gatherOfAVoidCallAndAnExpression() {
      gather(() -> delay(1, "ONE"), () -> fetch(2));
    }

    @ResolvesTo("Async.gather(Action[])")
    static void gatherOfVoidMethods() {
      gather(Calls::fire, Calls::main1);
    }

    @ResolvesTo("Async.gather(Collection)")
    static void gatherOfACollection() {
      List<String> l =
          gather(IntStream.range(0, 5).<Callable<String>>mapToObj(i -> () -> fetch(i)).toList());
    }

    @ResolvesTo("Async.map(Collection, int, ThrowingFunction)")
    static void mapOfALambda() {
      List<String> l = Async.map(List.of(1, 2, 3), 2, i -> fetch(i));
    }

    @ResolvesTo("Async.map(Collection, int, ThrowingFunction)")
    static void mapOfAMethod() {
      List<String> l = Async.map(List.of(1, 2, 3), 2, Calls::fetch);
    }

    @ResolvesTo("Async.forEach(Collection, int, ThrowingConsumer)")
    static void forEachOfALambda() {
      Async.forEach(List.of(1, 2, 3), 2, i -> delay(i, ""));
    }

    @ResolvesTo("Async.forEach(Collection, int, ThrowingConsumer)")
    static void forEachOfAMethodWithAResult() {
      Async.forEach(List.of(1, 2, 3), 2, Calls::fetch);
    }

    @ResolvesTo("Async.gatherOutcomes(Callable[])")
    static void gatherOutcomesOfExpressions() {
      List<Outcome<Object>> l = Async.gatherOutcomes(() -> fetch(1), () -> 2);
    }

    @ResolvesTo("Async.gatherOutcomes(Action[])")
    static void gatherOutcomesOfVoidCalls() {
      List<Outcome<Void>> l = Async.gatherOutcomes(() -> delay(1, ""), () -> fetch(2));
    }

    @ResolvesTo("Async.gatherOutcomes(Collection)")
    static void gatherOutcomesOfACollection(List<Callable<String>> bodies) {
      List<Outcome<String>> l = Async.gatherOutcomes(bodies);
    }

    @ResolvesTo("Async.any(Callable[])")
    static void anyOfExpressions() {
      String s = Async.any(() -> fetch(1), () -> fetch(2));
    }

    @ResolvesTo("Async.any(Collection)")
    static void anyOfACollection(List<Callable<String>> bodies) {
      String s = Async.any(bodies);
    }

    @ResolvesTo("Async.createTask(Action)")
    static void createTaskOfARunnable(Runnable runnable) {
      Task<Void> t = createTask(runnable::run);
    }

    @ResolvesTo("Async.createTask(Callable)")
    static void createTaskOfACallable(Callable<String> callable) {
      Task<String> t = createTask(callable);
    }

    @ResolvesTo("Async.asCompleted(Collection)")
    static void asCompletedInAFor(List<Task<String>> tasks) {
      for (Task<String> task : asCompleted(tasks)) {}
    }

    @ResolvesTo("Async.waitFor(Collection, ReturnWhen, Duration)")
    static void waitForSomeTime(List<Task<String>> tasks) {
      WaitResult<Task<String>> done = waitFor(tasks, ReturnWhen.ALL_COMPLETED, SECOND);
    }

    @ResolvesTo("Async.waitFor(Collection, ReturnWhen)")
    static void waitForTasksOfTwoTypes(Task<String> text, Task<Integer> number) {
      WaitResult<? extends Task<?>> done = waitFor(List.of(text, number), ReturnWhen.ALL_COMPLETED);
    }

    @ResolvesTo({"Async.waitFor(Collection, ReturnWhen)", "Async.allTasks()"})
    static void waitForAllTasks() {
      WaitResult<Task<?>> done = waitFor(Async.allTasks(), ReturnWhen.ALL_COMPLETED);
    }

    @ResolvesTo("Async.asCompleted(Collection)")
    static void asCompletedOfTasksOfAnyType(List<Task<?>> tasks) {
      for (Task<?> task : asCompleted(tasks)) {}
    }

    // --- time-outs and scopes

    @ResolvesTo("Async.timeout(Duration, Body)")
    static void timeoutOfAnExpression() throws TimeoutException, IOException {
      String s = timeout(SECOND, () -> fetch(1));
    }

    @ResolvesTo({"Async.timeout(Duration, Action)", "Async.sleep(Duration)"})
    static void timeoutOfABlock() throws TimeoutException {
      timeout(
          SECOND,
          () -> {
            sleep(Duration.ZERO);
          });
    }

    @ResolvesTo("Async.shield(Action)")
    static void shieldOfAVoidCall() {
      shield(() -> fire());
    }

    @ResolvesTo("Async.shield(Body)")
    static void shieldOfAnExpression() throws IOException {
      String s = shield(() -> fetch(1));
    }

    @ResolvesTo("Async.uninterleaved(Action)")
    static void uninterleavedOfAVoidCall() {
      Async.uninterleaved(() -> fire());
    }

    @ResolvesTo("Async.uninterleaved(Body)")
    static void uninterleavedOfAnExpression() throws IOException {
      String s = Async.uninterleaved(() -> fetch(1));
    }

    @ResolvesTo({"CancelScope.run(Action)", "Async.sleep(Duration)"})
    static void scopeOfABlock(CancelScope scope) {
      boolean finished =
          scope.run(() -> {
            sleep(SECOND);
          });
    }

    @ResolvesTo("CancelScope.call(Body)")
    static void scopeOfAnExpression(CancelScope scope) throws IOException {
      Optional<String> o = scope.call(() -> fetch(1));
    }

    // --- groups

    @ResolvesTo({
      "TaskGroup.run(GroupAction)",
      "TaskGroup.spawn(Callable)",
      "TaskGroup.spawn(Action)"
    })
    static void groupOfABlock() {
      TaskGroup.run(g -> {
        g.spawn(() -> fetch(1));
        g.spawn(() -> delay(1, ""));
      });
    }

    @ResolvesTo({"TaskGroup.run(GroupAction)", "TaskGroup.spawn(Callable)"})
    static void groupOfAnExpression() {
      TaskGroup.run(g -> g.spawn(() -> fetch(1)));
    }

    @ResolvesTo({"TaskGroup.call(GroupBody)", "TaskGroup.spawn(Callable)"})
    static void groupWithAResult() {
      String v =
          TaskGroup.call(g -> {
            Task<String> x = g.spawn(() -> fetch(1));
            return "";
          });
    }

    @ResolvesTo({
      "TaskGroup.run(GroupAction)",
      "TaskGroup.spawn(String, Callable)",
      "TaskGroup.spawn(String, Action)"
    })
    static void groupOfNamedTasks() {
      TaskGroup.run(g -> {
        Task<Integer> x = g.spawn("n", Calls::main2);
        Task<Void> y = g.spawn("n", Calls::fire);
      });
    }

    // --- off the loop

    @ResolvesTo("Async.runInExecutor(ExecutorService, SerializableCallable)")
    static void executorOfAnExpression(ExecutorService executor) {
      String s = runInExecutor(executor, () -> fetch(1));
    }

    @ResolvesTo("Async.runInExecutor(ExecutorService, SerializableCallable)")
    static void executorOfAMethodWithAResult(ExecutorService executor) {
      Integer i = runInExecutor(executor, Calls::main2);
    }

    @ResolvesTo("Async.runInExecutor(ExecutorService, SerializableRunnable)")
    static void executorOfAVoidCall(ExecutorService executor) {
      runInExecutor(executor, () -> fire());
    }

    @ResolvesTo("Async.runInExecutor(ExecutorService, Callable)")
    static void executorOfACallable(ExecutorService executor, Callable<String> plain) {
      String s = runInExecutor(executor, plain);
    }

    @ResolvesTo("Async.runInExecutor(ExecutorService, Runnable)")
    static void executorOfARunnable(ExecutorService executor, Runnable plain) {
      runInExecutor(executor, plain);
    }

    @ResolvesTo("Futures.map(ExecutorService, SerializableFunction, Iterable)")
    static void futuresMapOfALambda(ExecutorService executor) {
      Stream<Integer> results = Futures.map(executor, x -> x + 1, List.of(1, 2));
    }

    @ResolvesTo("Futures.map(ExecutorService, SerializableFunction, Iterable)")
    static void futuresMapOfAMethod(ExecutorService executor) {
      Stream<int[]> results = Futures.map(executor, Calls::sort, List.of(new int[0]));
    }

    @ResolvesTo("Futures.map(ExecutorService, Function, Iterable)")
    static void futuresMapOfAFunction(ExecutorService executor, Function<Integer, Integer> plain) {
      Stream<Integer> results = Futures.map(executor, plain, List.of(1));
    }

    @ResolvesTo("Futures.map(ExecutorService, SerializableFunction, Iterable, MapOptions)")
    static void futuresMapOfALambdaWithOptions(
        ExecutorService executor, Futures.MapOptions options) {
      Stream<Integer> results = Futures.map(executor, x -> x + 1, List.of(1, 2), options);
    }

    @ResolvesTo("Futures.map(ExecutorService, Function, Iterable, MapOptions)")
    static void futuresMapOfAFunctionWithOptions(
        ExecutorService executor, Function<Integer, Integer> plain, Futures.MapOptions options) {
      Stream<Integer> results = Futures.map(executor, plain, List.of(1), options);
    }

    @ResolvesTo("Async.toThread(Callable)")
    static void toThreadOfAnExpression() {
      String s = toThread(() -> fetch(1));
    }

    @ResolvesTo("Async.toThread(Action)")
    static void toThreadOfABlock() {
      toThread(() -> {
        delay(1, "");
      });
    }

    // --- primitives: their methods as bodies

    @ResolvesTo({"AsyncLock.acquire()", "Lease.close()"})
    static void aLockInATry(AsyncLock lock) {
      try (var _ = lock.acquire()) {
        fire();
      }
    }

    @ResolvesTo("Async.timeout(Duration, Body)")
    static void aLockWithATimeOut(AsyncLock lock) throws TimeoutException {
      AsyncLock.Lease lease = timeout(SECOND, lock::acquire);
    }

    @ResolvesTo("Async.timeout(Duration, Action)")
    static void anEventWithATimeOut(AsyncEvent event) throws TimeoutException {
      timeout(SECOND, event::await);
    }

    @ResolvesTo("Async.createTask(Callable)")
    static void aQueueInATask(AsyncQueue<String> queue) {
      Task<String> task = createTask(queue::take);
    }

    // --- futures

    @ResolvesTo("Futures.asCompleted(Collection)")
    static void futuresAsCompletedInAFor(List<Future<String>> futures) {
      for (Future<String> future : Futures.asCompleted(futures)) {}
    }

    @ResolvesTo("Futures.asCompleted(Collection)")
    static void futuresAsCompletedOfTasks(List<Task<String>> tasks) {
      for (Task<String> task : Futures.asCompleted(tasks)) {}
    }

    @ResolvesTo("Futures.waitFor(Collection, ReturnWhen, Duration)")
    static void futuresWaitFor(List<CompletableFuture<String>> futures)
        throws InterruptedException {
      WaitResult<CompletableFuture<String>> done =
          Futures.waitFor(futures, ReturnWhen.ALL_COMPLETED, SECOND);
    }

    // --- what serializes

    @ResolvesTo("SerializableCallable.of(SerializableCallable)")
    static void serializableCallables() {
      List<SerializableCallable<Integer>> all =
          List.of(SerializableCallable.of(() -> 1), SerializableCallable.of(() -> 2));
    }
  }

  static Stream<String> calls() {
    return Arrays.stream(Calls.class.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(ResolvesTo.class))
        .map(Method::getName)
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void resolvesAsIntended(String call) throws Exception {
    var expected =
        Arrays.stream(Calls.class.getDeclaredMethods())
            .filter(method -> method.getName().equals(call))
            .map(method -> method.getAnnotation(ResolvesTo.class).value())
            .toList();
    assertThat(expected).hasSize(1);
    assertThat(callsIn(call)).containsExactlyInAnyOrder(expected.getFirst());
  }

  /** Segue's methods that a method of {@link Calls} and its lambdas call, each once. */
  private static List<String> callsIn(String name) throws IOException {
    try (InputStream bytes = Calls.class.getResourceAsStream("ApiResolutionTest$Calls.class")) {
      return ClassFile.of().parse(bytes.readAllBytes()).methods().stream()
          .filter(method -> isOrIsLambdaOf(method.methodName().stringValue(), name))
          .flatMap(ApiResolutionTest::callsIn)
          .distinct()
          .toList();
    }
  }

  private static boolean isOrIsLambdaOf(String method, String name) {
    return method.equals(name) || method.startsWith("lambda$" + name + "$");
  }

  private static Stream<String> callsIn(MethodModel method) {
    return method
        .code()
        .orElseThrow()
        .elementStream()
        .filter(element -> element instanceof InvokeInstruction)
        .map(element -> (InvokeInstruction) element)
        .filter(call -> isPublicApi(call.owner().asSymbol()))
        .map(call ->
            simpleName(call.owner().asSymbol())
                + "."
                + call.name().stringValue()
                + call.typeSymbol().parameterList().stream()
                    .map(ApiResolutionTest::simpleName)
                    .collect(Collectors.joining(", ", "(", ")")));
  }

  private static boolean isPublicApi(ClassDesc owner) {
    return List.of("dev.segue", "dev.segue.futures").contains(owner.packageName())
        && !owner.displayName().startsWith("ApiResolutionTest");
  }

  private static String simpleName(ClassDesc type) {
    String name = type.displayName();
    return name.substring(name.lastIndexOf('$') + 1);
  }

  // --- what runs

  @Test
  void aBodyReturnsItsValueAndAnActionNone() throws Exception {
    assertThat(Async.<Integer, IOException>run(Calls::main2)).isEqualTo(1);
    Async.run(() -> {
      assertThat(createTask(() -> Calls.fetch(1)).await()).isEmpty();
      assertThat(createTask(Calls::fire).await()).isNull();
      List<Object> mixed = gather(() -> Calls.fetch(1), () -> 2);
      assertThat(mixed).containsExactly("", 2);
      assertThat(toThread(Calls::main2)).isEqualTo(1);
      assertThat(CancelScope.create().call(() -> Calls.fetch(1))).contains("");
    });
  }

  @Test
  void whatABodyThrowsKeepsItsType() {
    assertThatThrownBy(() ->
            Async.run(() -> {
              throw new SQLException("typed");
            }))
        .isInstanceOf(SQLException.class);
  }
}

package dev.segue.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.EventLoop;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** A task decorator that carries SLF4J's MDC and a scoped value, with Logback behind SLF4J. */
@Timeout(60)
class ContextTest {
  private static final EventLoop.Builder CARRYING =
      EventLoop.builder().taskDecorator(Context::carry);

  @AfterEach
  void leaveNothing() {
    MDC.clear();
  }

  private static String context() {
    return MDC.get("request") + " " + Context.USER.orElse("nobody");
  }

  @Test
  void withoutTheDecoratorATaskHasNeither() {
    MDC.put("request", "4711");
    ScopedValue.where(Context.USER, "ann")
        .run(() -> assertThat(Async.run(ContextTest::context)).isEqualTo("null nobody"));
  }

  @Test
  void tasksAndTheirTasksAndThreadsHaveTheContextOfTheirCreator() {
    MDC.put("request", "4711");
    var seen =
        ScopedValue.where(Context.USER, "ann")
            .call(() ->
                CARRYING
                    .build()
                    .run(() ->
                        List.of(
                            context(),
                            Async.createTask(ContextTest::context).await(),
                            Async.toThread(ContextTest::context))));
    assertThat(seen).containsOnly("4711 ann");
  }

  @Test
  void concurrentTasksHaveTheirOwn() {
    var loop = CARRYING.build();
    var seen =
        loop.run(() ->
            Async.map(
                List.of("1", "2", "3"),
                3,
                request -> {
                  MDC.put("request", request);
                  Async.checkpoint(); // the others put theirs
                  return Async.createTask(ContextTest::context).await();
                }));
    assertThat(seen).containsExactly("1 nobody", "2 nobody", "3 nobody");
  }

  @Test
  void aThreadThatIsUsedAgainHasNothingLeftOfTheTaskBefore()
      throws ExecutionException, InterruptedException {
    try (var loop = CARRYING.start()) {
      MDC.put("request", "4711");
      assertThat(loop.submit(() -> Async.toThread(ContextTest::context)).get())
          .isEqualTo("4711 nobody");
      MDC.clear();
      assertThat(loop.submit(() -> Async.toThread(ContextTest::context)).get())
          .isEqualTo("null nobody");
    }
  }
}

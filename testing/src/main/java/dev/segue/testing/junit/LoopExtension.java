package dev.segue.testing.junit;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Stall;
import dev.segue.Task;
import dev.segue.testing.VirtualClock;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test method of a class, or the one that it is put on, as {@link LoopTest} says: with
 * {@code @ExtendWith(LoopExtension.class)}, of any kind of test.
 */
public final class LoopExtension implements InvocationInterceptor {
  /** Creates it; JUnit does. */
  public LoopExtension() {}

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    run(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    run(invocation);
  }

  private static void run(Invocation<@Nullable Void> invocation) throws Throwable {
    Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    var loop =
        EventLoop.builder()
            .name("test")
            .clock(new VirtualClock())
            .exceptionHandler((task, failure) -> faults.add(unobserved(task, failure)))
            .stallHandler(stall -> note(stall, faults))
            .build();
    Throwable thrown = null;
    try (loop) {
      loop.run(() -> {
        invocation.proceed();
        refuseLeftovers();
      });
    } catch (Throwable failure) {
      thrown = failure;
    }
    for (var fault : faults) {
      if (thrown == null) {
        thrown = fault;
      } else {
        thrown.addSuppressed(fault);
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  private static AssertionError unobserved(Task<?> task, Throwable failure) {
    return new AssertionError(
        "task '" + task.name() + "' failed, and nothing has looked at that; await it", failure);
  }

  private static void note(Stall stall, Queue<Throwable> faults) {
    boolean ofTheProgram =
        switch (stall.cause()) {
          case NO_PROCESSOR, CLASS_LOADING, JDK_FAULT, LOOP, UNKNOWN -> false;
          default -> true;
        };
    if (ofTheProgram) {
      faults.add(new AssertionError(stall.toString()));
    }
  }

  private static void refuseLeftovers() {
    List<String> left =
        Async.allTasks().stream()
            .filter(task -> !task.equals(Async.currentTask()))
            .map(Task::name)
            .sorted()
            .toList();
    if (!left.isEmpty()) {
      throw new AssertionError(
          left.stream()
              .collect(
                  Collectors.joining(
                      "', '",
                      "the test has ended, and has left behind '",
                      "'; await or cancel what it starts")));
    }
  }
}

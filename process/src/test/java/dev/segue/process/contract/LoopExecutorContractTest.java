package dev.segue.process.contract;

import dev.segue.EventLoop;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The contracts, kept by the view of an event loop, which begins all it is given at once. What is
 * left out needs a worker that is busy; core's tests have it for the loop.
 */
class LoopExecutorContractTest {
  private static EventLoop loop;

  @BeforeAll
  static void open() {
    loop = EventLoop.builder().name("contract").start();
  }

  @AfterAll
  static void close() {
    loop.close();
  }

  @Nested
  class Submitting extends SubmitContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return loop.asExecutorService();
    }

    /** It goes to the loop's exception handler instead. */
    @Override
    void whatAnExecutedTaskThrowsReachesTheUncaughtExceptionHandler() {}
  }

  @Nested
  class Futures extends FutureContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return loop.asExecutorService();
    }

    /** Nothing waits for the first one to end. */
    @Override
    void aTaskCancelledBeforeItBeganNeverRuns() {}
  }

  @Nested
  class InvokingAll extends InvokeAllContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return loop.asExecutorService();
    }
  }

  @Nested
  class InvokingAny extends InvokeAnyContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return loop.asExecutorService();
    }
  }
}

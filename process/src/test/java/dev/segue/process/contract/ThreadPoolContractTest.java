package dev.segue.process.contract;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;

/** The contracts, kept by the JDK's thread pool, which proves that the contracts are right. */
class ThreadPoolContractTest {
  private static ExecutorService threads(int parallelism) {
    return new ThreadPoolExecutor(
        parallelism, parallelism, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  }

  @Nested
  class Submitting extends SubmitContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return threads(parallelism);
    }
  }

  @Nested
  class Futures extends FutureContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return threads(parallelism);
    }
  }

  @Nested
  class InvokingAll extends InvokeAllContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return threads(parallelism);
    }
  }

  @Nested
  class InvokingAny extends InvokeAnyContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return threads(parallelism);
    }
  }

  @Nested
  class ShuttingDown extends ShutdownContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return threads(parallelism);
    }
  }
}

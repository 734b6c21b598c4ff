package dev.segue.process.contract;

import dev.segue.process.ProcessPoolExecutor;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Nested;

/** The contracts of every executor, kept by worker processes. */
class ProcessPoolContractTest {
  private static ExecutorService processes(int parallelism) {
    return ProcessPoolExecutor.builder().maxWorkers(parallelism).build();
  }

  @Nested
  class Submitting extends SubmitContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return processes(parallelism);
    }
  }

  @Nested
  class Futures extends FutureContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return processes(parallelism);
    }
  }

  @Nested
  class InvokingAll extends InvokeAllContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return processes(parallelism);
    }
  }

  @Nested
  class InvokingAny extends InvokeAnyContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return processes(parallelism);
    }
  }

  @Nested
  class ShuttingDown extends ShutdownContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return processes(parallelism);
    }
  }
}

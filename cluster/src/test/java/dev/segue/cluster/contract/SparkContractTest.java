package dev.segue.cluster.contract;

import dev.segue.cluster.TestContext;
import dev.segue.process.contract.FutureContract;
import dev.segue.process.contract.InvokeAllContract;
import dev.segue.process.contract.InvokeAnyContract;
import dev.segue.process.contract.ShutdownContract;
import dev.segue.process.contract.SubmitContract;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contracts of every executor, kept by Spark. */
@ExtendWith(TestContext.EndsAfterwards.class)
class SparkContractTest {
  @Nested
  class Submitting extends SubmitContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return TestContext.executor(parallelism).build();
    }
  }

  @Nested
  class Futures extends FutureContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return TestContext.executor(parallelism).build();
    }
  }

  @Nested
  class InvokingAll extends InvokeAllContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return TestContext.executor(parallelism).build();
    }
  }

  @Nested
  class InvokingAny extends InvokeAnyContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return TestContext.executor(parallelism).build();
    }
  }

  @Nested
  class ShuttingDown extends ShutdownContract {
    @Override
    protected ExecutorService newExecutor(int parallelism) {
      return TestContext.executor(parallelism).build();
    }
  }
}

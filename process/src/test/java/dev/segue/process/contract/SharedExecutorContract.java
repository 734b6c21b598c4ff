package dev.segue.process.contract;

import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A contract whose tests share one executor, because they leave it unchanged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SharedExecutorContract extends ExecutorContract {
  ExecutorService executor;

  @BeforeAll
  void open() {
    executor = newExecutor(2);
  }

  @AfterAll
  void close() {
    executor.close();
  }
}

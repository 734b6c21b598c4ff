package dev.segue.explored;

import static dev.segue.Async.gather;

import dev.segue.AsyncSemaphore;
import dev.segue.testing.Explorer;
import java.nio.file.Path;

/** A deadlock that is found and reported where the module that makes pages is not there. */
final class ExploredWithoutInspect {
  private ExploredWithoutInspect() {}

  public static void main(String[] args) throws Exception {
    var failure =
        Explorer.create()
            .explore(() -> {
              var semaphore = new AsyncSemaphore(1);
              gather(semaphore::acquire, semaphore::acquire);
            })
            .failure()
            .orElseThrow();
    System.out.println("kind " + failure.kind());
    try {
      failure.writePage(Path.of("schedule.html"));
    } catch (IllegalStateException e) {
      System.out.println("refused " + e.getMessage());
    }
  }
}

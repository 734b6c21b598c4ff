package dev.segue.cli;

import dev.segue.Async;
import dev.segue.AsyncLock;
import dev.segue.EventLoop;
import dev.segue.TaskGroup;
import java.time.Duration;

/** A program that the tests look into; it knows nothing of them. */
final class Shop {
  private Shop() {}

  /** Runs until it is killed; with {@code hold}, its loop is held after a while. */
  public static void main(String... arguments) {
    boolean holds = arguments.length > 0 && arguments[0].equals("hold");
    EventLoop.builder().name("shop").stallThreshold(Duration.ZERO).build().run(() -> serve(holds));
  }

  private static void serve(boolean holds) {
    var till = new AsyncLock();
    TaskGroup.run(group -> {
      group.spawn("clerk", () -> countMoney(till));
      Async.checkpoint();
      for (int i = 1; i <= 5; i++) {
        group.spawn("customer-" + i, () -> pay(till));
      }
      group.spawn("clock", Shop::tick);
      group.spawn(
          "ready",
          () -> {
            IO.println("open");
            if (holds) {
              compute();
            }
          });
    });
  }

  private static void countMoney(AsyncLock till) {
    try (var _ = till.acquire()) {
      Async.sleep(Duration.ofHours(1));
    }
  }

  private static void pay(AsyncLock till) {
    try (var _ = till.acquire()) {
      IO.println("paid");
    }
  }

  private static void tick() {
    while (true) {
      Async.sleep(Duration.ofMillis(5));
    }
  }

  @SuppressWarnings("InfiniteLoopStatement")
  private static void compute() {
    while (true) {
      Thread.onSpinWait();
    }
  }
}

// With a lock around reading and writing, no order of the two tasks loses an update: the explorer
// has tried them all.
//
// Run it by itself: ./segue run ExploreRaceLock.java

import dev.segue.Async;
import dev.segue.AsyncLock;
import dev.segue.TaskGroup;
import dev.segue.testing.Exploration;
import dev.segue.testing.Explorer;

void main() {
  System.out.println(explore());
}

static Exploration explore() {
  return Explorer.create().explore(() -> new Account().updateTwice());
}

static final class Account {
  private final AsyncLock lock = new AsyncLock();
  private int value;

  void updateTwice() {
    TaskGroup.run(group -> {
      var _ = group.spawn("update", this::update);
      var _ = group.spawn("audit", this::audit);
    });
    if (value != 2) {
      throw new AssertionError("value is " + value + ", not 2");
    }
  }

  void update() {
    query();
    try (var _ = lock.acquire()) {
      int read = value;
      query();
      value = read + 1;
    }
  }

  void audit() {
    for (int i = 0; i < 4; i++) {
      query();
    }
    try (var _ = lock.acquire()) {
      value++;
    }
  }

  static void query() {
    Async.checkpoint(); // stands for a wait for an answer
  }
}

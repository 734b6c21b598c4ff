// Two locks that are taken in two orders: the ordinary order of the tasks is lucky, and the
// explorer finds the one that is not.
//
// Run it by itself: ./segue run ExploreDeadlock.java

import dev.segue.Async;
import dev.segue.AsyncLock;
import dev.segue.TaskGroup;
import dev.segue.testing.Exploration;
import dev.segue.testing.Explorer;

void main() {
  System.out.println(explore());
}

static Exploration explore() {
  return Explorer.create().explore(() -> new Accounts().transferTwice());
}

static final class Accounts {
  private final AsyncLock foo = new AsyncLock();
  private final AsyncLock boo = new AsyncLock();

  void transferTwice() {
    TaskGroup.run(group -> {
      var _ = group.spawn("foo-to-boo", () -> transfer(foo, boo));
      var _ = group.spawn("boo-to-foo", this::transferLater);
    });
  }

  void transferLater() {
    query();
    query();
    transfer(boo, foo);
  }

  void transfer(AsyncLock from, AsyncLock to) {
    try (var _ = from.acquire()) {
      query();
      try (var _ = to.acquire()) {
        query();
      }
    }
  }

  static void query() {
    Async.checkpoint(); // stands for a wait for an answer
  }
}

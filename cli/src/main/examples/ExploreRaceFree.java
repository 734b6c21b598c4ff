// Without a wait between reading and writing there is nothing to lock: the explorer has tried every
// order of the two tasks.
//
// Run it by itself: ./segue run ExploreRaceFree.java

import dev.segue.Async;
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
    int read = value;
    value = read + 1; // nobody else has run since
    query();
  }

  void audit() {
    for (int i = 0; i < 4; i++) {
      query();
    }
    value++;
  }

  static void query() {
    Async.checkpoint(); // stands for a wait for an answer
  }
}

package dev.segue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A ready task drawn at random, the same for the same seed. */
final class RandomSchedule implements Schedule {
  private final List<Task<?>> ready = new ArrayList<>();
  private final SplittableRandom random;

  RandomSchedule(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public void add(Task<?> task) {
    ready.add(task);
  }

  @Override
  public Task<?> next() {
    var last = ready.removeLast();
    int index = random.nextInt(ready.size() + 1);
    return index == ready.size() ? last : ready.set(index, last);
  }

  @Override
  public int size() {
    return ready.size();
  }
}

package dev.segue;

import java.util.ArrayDeque;

/** First in, first out. */
@LoopConfined
final class FifoSchedule implements Schedule {
  private final ArrayDeque<Task<?>> ready = new ArrayDeque<>();

  @Override
  public void add(Task<?> task) {
    ready.addLast(task);
  }

  @Override
  public Task<?> next() {
    return ready.removeFirst();
  }

  @Override
  public int size() {
    return ready.size();
  }
}

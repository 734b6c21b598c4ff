package dev.segue.cli.cluster;

import dev.segue.bench.MergeSort;
import dev.segue.futures.Futures;
import dev.segue.futures.SerializableCallable;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** How fast an executor is whose tasks travel. Figures are in seconds, a second, and bytes. */
final class Rates {
  private static final SerializableCallable<Integer> ONE = () -> 1;
  private static final int LOOKS = 5;

  private Rates() {}

  static double roundTrip(ExecutorService executor, Duration atLeast) throws Exception {
    int count = 0;
    long begin = System.nanoTime();
    do {
      executor.submit(ONE).get();
      count++;
    } while (System.nanoTime() - begin < atLeast.toNanos());
    return since(begin) / count;
  }

  static double atOnce(ExecutorService executor, int tasks) throws Exception {
    long begin = System.nanoTime();
    run(executor, ONE, tasks);
    return tasks / since(begin);
  }

  static double echoes(ExecutorService executor, int[] list, int lists) throws Exception {
    SerializableCallable<int[]> echo = () -> list;
    long begin = System.nanoTime();
    run(executor, echo, lists);
    return lists / since(begin);
  }

  static double sort(ExecutorService executor, List<int[]> lists) {
    long begin = System.nanoTime();
    try (var sorted = Futures.map(executor, list -> MergeSort.sort(list), lists)) {
      sorted.forEach(list -> check(list));
    }
    return since(begin);
  }

  private static void check(int[] list) {
    for (int i = 1; i < list.length; i++) {
      if (list[i - 1] > list[i]) {
        throw new AssertionError("a list was not sorted");
      }
    }
  }

  /** Which part of the time its two processors were at work on tasks of a length. */
  static double part(ExecutorService executor, Duration length, int tasks) throws Exception {
    long nanos = length.toNanos();
    SerializableCallable<Integer> work = () -> work(nanos);
    long begin = System.nanoTime();
    run(executor, work, tasks);
    return tasks * (nanos / 1e9) / (Machines.WORKERS * since(begin));
  }

  private static int work(long nanos) {
    int steps = 0;
    for (long end = System.nanoTime() + nanos; System.nanoTime() < end; steps++) {
      Thread.onSpinWait();
    }
    return steps;
  }

  /** How much larger the heap in use gets while so many tasks are submitted, whose futures stay. */
  static double heap(ExecutorService executor, int tasks) throws Exception {
    long before = inUse();
    long most = before;
    var futures = new ArrayList<Future<Integer>>(tasks);
    for (int i = 1; i <= tasks; i++) {
      futures.add(executor.submit(ONE));
      if (i % Math.max(1, tasks / LOOKS) == 0) {
        most = Math.max(most, inUse());
      }
    }
    for (var future : futures) {
      future.get();
    }
    return most - before;
  }

  private static long inUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static <T> void run(ExecutorService executor, SerializableCallable<T> task, int times)
      throws Exception {
    var futures = new ArrayList<Future<T>>(times);
    for (int i = 0; i < times; i++) {
      futures.add(executor.submit(task));
    }
    for (var future : futures) {
      future.get();
    }
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}

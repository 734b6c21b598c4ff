package dev.segue.bench;

import dev.segue.futures.SerializableCallable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the article's lists in a pool or in bare JVMs, and prints how many a second, counted from
 * before the first worker is started until the last has ended. A program of its own, so that
 * nothing is warm.
 */
final class SortMain {
  private SortMain() {}

  /** Takes who sorts, how many lists, and in how many processes. */
  public static void main(String[] args) throws Exception {
    var lists = MergeSort.randomLists(Integer.parseInt(args[1]));
    int workers = Integer.parseInt(args[2]);
    long begin = System.nanoTime();
    var sorted =
        args[0].equals(Contender.BARE.id())
            ? withoutAPool(lists, workers)
            : withAPool(args[0], lists, workers);
    long end = System.nanoTime();
    check(lists, sorted);
    System.out.println(lists.length / ((end - begin) / 1e9));
  }

  private static List<int[]> withAPool(String contender, int[][] lists, int workers) {
    var futures = new ArrayList<Future<int[]>>();
    try (var pool = ExecutorContender.newPool(contender, workers)) {
      for (var list : lists) {
        SerializableCallable<int[]> task = () -> MergeSort.sort(list);
        futures.add(pool.submit(task));
      }
    }
    return futures.stream().map(Future::resultNow).toList();
  }

  /** Each process has a thread here, which sends it the next list as soon as one is sorted. */
  private static List<int[]> withoutAPool(int[][] lists, int workers) throws Exception {
    var next = new AtomicInteger();
    var sorted = new int[lists.length][];
    var ends = new ArrayList<Future<?>>();
    try (var threads = Executors.newFixedThreadPool(workers)) {
      for (int worker = 0; worker < workers; worker++) {
        ends.add(threads.submit(() -> sortRemaining(lists, next, sorted)));
      }
    }
    for (var end : ends) {
      end.get();
    }
    return Arrays.asList(sorted);
  }

  private static @Nullable Void sortRemaining(int[][] lists, AtomicInteger next, int[][] sorted)
      throws Exception {
    try (var jvm = BareJvm.start(BareWorker.SORT)) {
      var message = Link.newMessage(MergeSort.LENGTH * Integer.BYTES);
      for (int i = next.getAndIncrement(); i < lists.length; i = next.getAndIncrement()) {
        message.position(Link.HEADER).asIntBuffer().put(lists[i]);
        sorted[i] = new int[MergeSort.LENGTH];
        jvm.exchange(message).position(Link.HEADER).asIntBuffer().get(sorted[i]);
      }
    }
    return null;
  }

  private static void check(int[][] lists, List<int[]> sorted) {
    for (int i = 0; i < lists.length; i++) {
      Arrays.sort(lists[i]);
      if (!Arrays.equals(lists[i], sorted.get(i))) {
        throw new AssertionError("list " + i + " was not sorted");
      }
    }
  }
}

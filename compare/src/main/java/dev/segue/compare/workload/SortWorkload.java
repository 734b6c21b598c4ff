package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The article's merge sort of lists of random integers: nothing but computing. */
final class SortWorkload implements Workload<int[]> {
  @Override
  public List<SerializableCallable<int[]>> jobs(Parameters parameters) {
    int size = parameters.count("size", 30_000);
    var random = new SplittableRandom(1);
    return Stream.generate(() -> job(random.ints(size, 0, 500_000).toArray()))
        .limit(parameters.count("jobs", 60))
        .toList();
  }

  private static SerializableCallable<int[]> job(int[] list) {
    return () -> mergeSort(list);
  }

  private static int[] mergeSort(int[] list) {
    if (list.length <= 1) {
      return list;
    }
    int middle = (list.length + 1) / 2;
    return merge(
        mergeSort(Arrays.copyOfRange(list, 0, middle)),
        mergeSort(Arrays.copyOfRange(list, middle, list.length)));
  }

  private static int[] merge(int[] one, int[] other) {
    var out = new int[one.length + other.length];
    int i = 0;
    int j = 0;
    while (i < one.length && j < other.length) {
      out[i + j] = one[i] < other[j] ? one[i++] : other[j++];
    }
    System.arraycopy(one, i, out, i + j, one.length - i);
    System.arraycopy(other, j, out, one.length + j, other.length - j);
    return out;
  }
}

package dev.segue.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The article's recursive merge sort, and its lists. */
public final class MergeSort {
  static final int LENGTH = 30_000;
  static final int BOUND = 500_000;

  private MergeSort() {}

  /**
   * Makes the same lists each time.
   *
   * @param count how many
   * @return lists of 30,000 numbers below 500,000
   */
  public static int[][] randomLists(int count) {
    var random = new SplittableRandom(1);
    var lists = new int[count][];
    Arrays.setAll(lists, _ -> random.ints(LENGTH, 0, BOUND).toArray());
    return lists;
  }

  /**
   * Sorts.
   *
   * @param list left as it is
   * @return the same numbers in order
   */
  public static int[] sort(int[] list) {
    if (list.length <= 1) {
      return list;
    }
    int middle = (list.length + 1) / 2;
    return merge(
        sort(Arrays.copyOfRange(list, 0, middle)),
        sort(Arrays.copyOfRange(list, middle, list.length)));
  }

  private static int[] merge(int[] left, int[] right) {
    var merged = new int[left.length + right.length];
    int i = 0;
    int j = 0;
    for (int k = 0; k < merged.length; k++) {
      boolean takesLeft = j == right.length || (i < left.length && left[i] < right[j]);
      merged[k] = takesLeft ? left[i++] : right[j++];
    }
    return merged;
  }
}

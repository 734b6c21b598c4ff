// The article's merge sort of many lists, with one thread for each core. In CPython threads take
// turns with the interpreter, and sort no faster than one; the JVM has no such lock.
//
// Run it by itself: ./segue run SortThreads.java

import dev.segue.futures.Futures;

void main() {
  Thread.currentThread().setName("MainThread"); // as Python calls it
  var lists = randomLists();
  log("Starting Sorting");
  int cores = Runtime.getRuntime().availableProcessors();
  try (var executor = Executors.newFixedThreadPool(cores);
      var sorted = Futures.map(executor, list -> mergeSort(list), lists)) {
    int done = 0;
    for (var results = sorted.iterator(); results.hasNext(); ) {
      results.next();
      showProgress(++done, lists.size());
    }
  }
  log("Sorting Completed");
}

static int[] mergeSort(int[] list) {
  if (list.length == 1) {
    return list;
  }
  int middle = (list.length + 1) / 2;
  return merge(
      mergeSort(Arrays.copyOfRange(list, 0, middle)),
      mergeSort(Arrays.copyOfRange(list, middle, list.length)));
}

static int[] merge(int[] one, int[] other) {
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

/** 1,000 lists of 30,000 random integers. */
List<int[]> randomLists() {
  long count = Math.round(1000 * Double.parseDouble(System.getProperty("scale", "1")));
  var random = new SplittableRandom();
  return Stream.generate(() -> random.ints(30_000, 0, 500_000).toArray()).limit(count).toList();
}

/** Shows a bar on a terminal, which cuts it off if it is narrower, and nothing elsewhere. */
void showProgress(int done, int all) {
  var terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
  if (terminal.isPresent()) {
    var bar = String.format("[%-20s] %d of %d", "#".repeat(20 * done / all), done, all);
    terminal.get().printf("\r\u001b[?7l%s\u001b[K\u001b[?7h", done < all ? bar : "");
  }
}

void log(String message) {
  var thread = Thread.currentThread().getName();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), thread, message);
}

// The article's merge sort of many lists, on a Spark cluster. Its executors are processes, on this
// machine or on others. A list travels to an executor and comes back sorted.
//
// Run it by itself, but compiled, because the executors have to load it too:
// ./segue examples sort-cluster   builds what it needs, and runs it
// CP="cli/target/segue.jar:cli-cluster/target/*:cluster/target/*:$(cat
// cli-cluster/target/spark.class-path)"
// javac -cp "$CP" -d . SortCluster.java
// java -cp "$CP:." SortCluster

import dev.segue.cluster.LocalCluster;
import dev.segue.cluster.SparkExecutor;
import dev.segue.futures.Futures;

void main() {
  Thread.currentThread().setName("MainThread"); // as Python calls it
  var lists = randomLists();
  var master = System.getProperty("master", ""); // of a cluster that is there
  if (!master.isEmpty()) {
    sortTwice(lists, master);
    return;
  }
  System.out.println("Starting a master and two workers on this machine");
  try (var cluster = LocalCluster.start(2, 1, 1L << 30)) {
    sortTwice(lists, cluster.master());
  }
}

void sortTwice(List<int[]> lists, String master) {
  log("Starting Sorting");
  try (var executor = // with up to 20 lists in one of Spark's tasks, each of which takes its time
      SparkExecutor.builder().master(master).batch(20, Duration.ofMillis(10)).build()) {
    sort(lists, executor);
    System.out.println("Again, on executors that are warm");
    log("Starting Sorting");
    sort(lists, executor);
  }
}

void sort(List<int[]> lists, ExecutorService executor) {
  try (var sorted = Futures.map(executor, list -> mergeSort(list), lists)) {
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

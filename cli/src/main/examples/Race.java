// Two threads both read, then both write: one update is lost, and the value is 1 instead of 2.
//
// Left to chance that happens about once in a hundred runs. Here it happens in each, as the threads
// meet at a barrier between reading and writing.
//
// Run it by itself: ./segue run Race.java

final CyclicBarrier bothHaveRead = new CyclicBarrier(2);
int value = 0;

void main() throws Exception {
  Thread.currentThread().setName("MainThread"); // as Python calls it
  var threads = Thread.ofPlatform().name("ThreadPoolExecutor-0_", 0).factory();
  try (var executor = Executors.newFixedThreadPool(5, threads)) {
    var one = executor.submit(this::update);
    var other = executor.submit(this::update);
    one.get();
    other.get();
  }
  log("Final value is " + value);
}

int update() throws Exception {
  log("Update Started");
  log("Sleeping");
  Thread.sleep(seconds(2));
  log("Reading Value From Db");
  int tmp = value * value + 1;
  bothHaveRead.await();
  log("Updating Value");
  value = tmp;
  log("Update Finished");
  return tmp;
}

Duration seconds(int seconds) {
  double scale = Double.parseDouble(System.getProperty("scale", "1"));
  return Duration.ofMillis(Math.round(1000 * scale * seconds));
}

void log(String message) {
  var thread = Thread.currentThread().getName();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), thread, message);
}

// A lock around reading and writing keeps the updates of both threads: the value is 2.
//
// Run it by itself: ./segue run RaceLock.java

final ReentrantLock lock = new ReentrantLock();
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
  lock.lock();
  try {
    log("Reading Value From Db");
    int tmp = value * value + 1;
    log("Updating Value");
    value = tmp;
    log("Update Finished");
    return tmp;
  } finally {
    lock.unlock();
  }
}

Duration seconds(int seconds) {
  double scale = Double.parseDouble(System.getProperty("scale", "1"));
  return Duration.ofMillis(Math.round(1000 * scale * seconds));
}

void log(String message) {
  var thread = Thread.currentThread().getName();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), thread, message);
}

package dev.segue.process.faults;

import dev.segue.fixtures.ChildJvm;
import dev.segue.process.ProcessPoolExecutor;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** A program with a pool that is killed. It prints which processes must not survive it. */
final class ParentProgram {
  private ParentProgram() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "mixed" -> mixed();
      case "counting" -> counting();
      case "moving" -> moving();
      case "initializing" -> initializing();
      case "exiting" -> exiting();
      case "children" -> children();
      case "starting" -> starting();
      case "next" -> next();
      case "exit" -> exit();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void mixed() throws Exception {
    var pool = pool(4).build();
    pool.submit(WithPools.named("sleeping"), TaskBodies::sleepForEver);
    pool.submit(WithPools.named("spinning"), () -> TaskBodies.spinForEver());
    pool.submit(WithPools.named("deadlocked"), TaskBodies::deadlock);
    var idle = pool.submit(TaskBodies::startThread);
    WithPools.awaitRunning(pool, "sleeping");
    WithPools.awaitRunning(pool, "spinning");
    WithPools.awaitRunning(pool, "deadlocked");
    idle.get();
    say(pool);
  }

  private static void counting() throws Exception {
    var pool = pool(2).build();
    for (var name : new String[] {"one", "other"}) {
      pool.submit(WithPools.named(name), () -> TaskBodies.countOn());
      WithPools.awaitRunning(pool, name);
    }
    Thread.sleep(1_000); // until the loop is compiled
    say(pool);
  }

  private static void moving() throws Exception {
    var pool = pool(2).build();
    var argument = new byte[10_000_000];
    pool.submit(() -> 0).get();
    for (int i = 0; i < 20; i++) {
      pool.submit(() -> argument);
    }
    WithPools.awaitWorker(pool, "busy");
    Await.until(
        "both have begun",
        () ->
            pool.workers().stream().allMatch(worker -> worker.tasksDone() > 0)
                && pool.workers().size() == 2);
    say(pool);
  }

  private static void initializing() {
    var pool = pool(1).initializer(() -> TaskBodies.spinForEver()).build();
    pool.submit(() -> 0);
    WithPools.awaitWorker(pool, "starting");
    var folder = Path.of(System.getProperty("java.io.tmpdir"));
    Await.until("it has connected", () -> folder.toFile().list().length == 0);
    say(pool);
  }

  private static void exiting() throws Exception {
    var pool = pool(1).build();
    pool.submit(() ->
            Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().unstarted(TaskBodies::ignoreInterrupts)))
        .get();
    pool.submit(WithPools.named("exiting"), () -> System.exit(0));
    WithPools.awaitRunning(pool, "exiting");
    say(pool);
  }

  private static void children() throws Exception {
    var pool = pool(1).build();
    long child = pool.submit(TaskBodies::startProcess).get();
    long orphan = pool.submit(TaskBodies::startOrphan).get();
    say(child, orphan, pool.workers().getFirst().pid());
  }

  /** Its worker is stopped before it connects. */
  private static void starting() throws InterruptedException, ExecutionException {
    var pool = pool(1).build();
    var future = pool.submit(() -> 5);
    long pid =
        Await.some(
                "the worker's process",
                () -> ProcessHandle.current().children().findFirst().orElse(null))
            .pid();
    Processes.stop(pid); // at once, while its JVM starts
    WithPools.awaitWorker(pool, "starting"); // its folder has been made then
    say(pid);
    System.out.println("result " + future.get());
  }

  private static void next() throws IOException, InterruptedException, ExecutionException {
    var pool = pool(1).build();
    System.out.println("result " + pool.submit(() -> 5).get());
    ChildJvm.awaitAnswer();
  }

  private static void exit() throws InterruptedException, ExecutionException {
    var pool = pool(2).build();
    pool.submit(WithPools.named("sleeping"), TaskBodies::sleepForEver);
    pool.submit(() -> 5).get();
    WithPools.awaitRunning(pool, "sleeping");
    say(pool);
    System.exit(0);
  }

  private static ProcessPoolExecutor.Builder pool(int workers) {
    return ProcessPoolExecutor.builder().maxWorkers(workers);
  }

  private static void say(ProcessPoolExecutor pool) {
    say(pool.workers().stream().mapToLong(WorkerInfo::pid).toArray());
  }

  private static void say(long... pids) {
    System.out.println(
        Arrays.stream(pids).mapToObj(Long::toString).collect(Collectors.joining(" ", "pids ", "")));
  }
}

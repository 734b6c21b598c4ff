package jobs;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/** Workloads that tests compare, each as a user might write it. */
public final class Jobs {
  private Jobs() {}

  private static <T> List<SerializableCallable<T>> times(
      int count, java.util.function.IntFunction<SerializableCallable<T>> job) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(job).toList());
  }

  /** Jobs that wait. */
  public static class Waits implements Workload<Integer> {
    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      int count = parameters.count("jobs", 8);
      long millis = parameters.time("delay", Duration.ofMillis(20)).toMillis();
      return times(count, i -> () -> waits(i, millis));
    }

    private static int waits(int i, long millis) throws InterruptedException {
      Thread.sleep(millis);
      return i;
    }
  }

  /** Jobs that compute. */
  public static class Computes implements Workload<Long> {
    @Override
    public List<SerializableCallable<Long>> jobs(Parameters parameters) {
      int rounds = parameters.count("rounds", 2_000_000);
      return times(4, i -> () -> mix(i, rounds));
    }

    private static long mix(long seed, int rounds) {
      long x = seed;
      for (int i = 0; i < rounds; i++) {
        x = x * 6364136223846793005L + 1442695040888963407L;
        x ^= x >>> 29;
      }
      return x;
    }
  }

  /** Jobs that read a counter, wait, and write it back. */
  public static class Races implements Workload<Void> {
    private static int counter;
    private static final ReentrantLock LOCK = new ReentrantLock();

    @Override
    public List<SerializableCallable<Void>> jobs(Parameters parameters) {
      counter = 0;
      boolean locked = parameters.text("locked", "no").equals("yes");
      return times(5, i -> () -> locked ? increaseLocked() : increase());
    }

    private static Void increaseLocked() throws InterruptedException {
      LOCK.lock();
      try {
        return increase();
      } finally {
        LOCK.unlock();
      }
    }

    private static Void increase() throws InterruptedException {
      int read = counter;
      Thread.sleep(50); // so that others read the same, also on a busy machine
      counter = read + 1;
      return null;
    }

    @Override
    public Object leftBehind() {
      return counter;
    }
  }

  /** A job that computes without end in sight, beside one that only waits. */
  public static class Hogs implements Workload<Integer> {
    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      return List.of(Hogs::hog, () -> 2);
    }

    private static int hog() {
      long end = System.nanoTime() + 250_000_000;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      return 1;
    }
  }

  /** Jobs that keep what they make. */
  public static class Leaks implements Workload<Integer> {
    private static final List<byte[]> KEPT = Collections.synchronizedList(new ArrayList<>());

    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      return times(4, i -> () -> leak());
    }

    private static int leak() {
      KEPT.add(new byte[100_000]);
      return 0;
    }
  }

  /** A job that holds what cannot travel. */
  public static class Unserializable implements Workload<Integer> {
    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      var thread = new Thread();
      return times(3, i -> () -> thread.getPriority());
    }
  }

  /** A result that cannot travel. */
  public static class UnserializableResult implements Workload<Object> {
    @Override
    public List<SerializableCallable<Object>> jobs(Parameters parameters) {
      return times(3, i -> () -> new Thread());
    }
  }

  /** A second job that misbehaves, as it is told to. */
  public static class Misbehaves implements Workload<Integer> {
    private static final List<Object> KEPT = new ArrayList<>();

    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      var how = parameters.text("how", "throws");
      return times(3, i -> () -> i == 1 ? misbehave(how) : i);
    }

    private static int misbehave(String how) throws Exception {
      switch (how) {
        case "throws" -> throw new IllegalStateException("on purpose");
        case "exits" -> System.exit(7);
        case "halts" -> Runtime.getRuntime().halt(8);
        case "hangs" -> {
          while (true) {
            LockSupport.park();
          }
        }
        case "fills" -> {
          while (true) {
            KEPT.add(new long[Integer.MAX_VALUE - 8]);
          }
        }
        case "prints" -> {
          for (int i = 0; i < 1_000; i++) {
            System.out.println("noise");
            System.err.println("noise");
          }
          System.out.write(new byte[10_000]);
          System.out.flush();
          return System.in.read();
        }
        default -> throw new AssertionError(how);
      }
      return 0;
    }
  }

  /** Jobs that wait for each other, and so cannot run one after the other. */
  public static class Rendezvous implements Workload<Integer> {
    private static java.util.concurrent.CyclicBarrier barrier;

    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      int count = parameters.count("jobs", 2);
      barrier = new java.util.concurrent.CyclicBarrier(count);
      return times(count, i -> () -> meet());
    }

    private static int meet() throws Exception {
      barrier.await();
      return 1;
    }
  }

  /** Jobs that number themselves. */
  public static class Numbers implements Workload<Integer> {
    private static int last;

    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      last = 0;
      return times(4, i -> () -> ++last);
    }
  }

  /** Jobs that take longer in each repetition. */
  public static class Slows implements Workload<Integer> {
    private static int repetitions;

    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      long millis = 30L * ++repetitions;
      return List.of(() -> slow(millis));
    }

    private static int slow(long millis) throws InterruptedException {
      Thread.sleep(millis);
      return 1;
    }
  }

  /** Results that are never the same. */
  public static class Varies implements Workload<Long> {
    @Override
    public List<SerializableCallable<Long>> jobs(Parameters parameters) {
      return times(3, i -> () -> ThreadLocalRandom.current().nextLong());
    }
  }

  /** No jobs. */
  public static class None implements Workload<Integer> {
    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      return List.of();
    }
  }

  /** Jobs that cannot be made. */
  public static class Fails implements Workload<Integer> {
    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      throw new IllegalStateException("no data");
    }
  }

  /** A constructor that nobody can call. */
  public static class Hidden implements Workload<Integer> {
    private Hidden() {}

    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      return List.of(() -> 1);
    }
  }
}

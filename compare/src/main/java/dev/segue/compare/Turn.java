package dev.segue.compare;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * All jobs, run once. Each job writes what is its own alone; that is read after all have ended, or,
 * to see where one hangs, at any time.
 */
final class Turn {
  private final List<? extends Callable<?>> jobs;
  private final double rate;
  private final @Nullable Object[] results;
  private final @Nullable Throwable[] failures;
  private final @Nullable Thread[] threads;
  private final long[] ends;
  private final CountDownLatch open;
  private long start;

  /**
   * @param rate how many are due in a second; 0 if all are at once
   */
  Turn(List<? extends Callable<?>> jobs, double rate) {
    this.jobs = jobs;
    this.rate = rate;
    int size = jobs.size();
    this.results = new Object[size];
    this.failures = new Throwable[size];
    this.threads = new Thread[size];
    this.ends = new long[size];
    this.open = new CountDownLatch(size);
  }

  /** Runs one job somewhere. */
  interface Submission {
    void submit(int job) throws InterruptedException;
  }

  int size() {
    return jobs.size();
  }

  Callable<?> job(int job) {
    return jobs.get(job);
  }

  void begin() {
    start = System.nanoTime();
  }

  private long due(int job) {
    return rate == 0 ? start : start + (long) (job * (1e9 / rate));
  }

  /** Submits each job when it is due, or as soon after as it can be. */
  void feed(Submission submission) throws InterruptedException {
    for (int job = 0; job < size(); job++) {
      awaitDue(job);
      try {
        submission.submit(job);
      } catch (RuntimeException | Error refused) {
        refuse(job, refused);
        return;
      }
    }
  }

  /** No thread could be started, say: that job and all that follow do not run. */
  private void refuse(int from, Throwable reason) {
    for (int job = from; job < size(); job++) {
      ended(job, null, reason);
    }
  }

  private void awaitDue(int job) {
    if (rate > 0) {
      for (long left = left(job); left > 0; left = left(job)) {
        LockSupport.parkNanos(left);
      }
    }
  }

  private long left(int job) {
    return due(job) - System.nanoTime();
  }

  /** Runs one job here. */
  void run(int job) {
    threads[job] = Thread.currentThread();
    Object result = null;
    Throwable failure = null;
    try {
      result = jobs.get(job).call();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    threads[job] = null;
    var _ = Thread.interrupted(); // the next job may have the same thread
    ended(job, result, failure);
  }

  void ended(int job, @Nullable Object result, @Nullable Throwable failure) {
    ended(job, result, failure, System.nanoTime());
  }

  void ended(int job, @Nullable Object result, @Nullable Throwable failure, long at) {
    results[job] = result;
    failures[job] = failure;
    ends[job] = at;
    open.countDown();
  }

  void await() throws InterruptedException {
    open.await();
  }

  // --- after the end

  long start() {
    return start;
  }

  @Nullable Object result(int job) {
    return results[job];
  }

  @Nullable Throwable failure(int job) {
    return failures[job];
  }

  long wall() {
    long last = start;
    for (long end : ends) {
      last = Math.max(last, end);
    }
    return last - start;
  }

  Histogram latencies() {
    var histogram = new Histogram(3);
    for (int job = 0; job < size(); job++) {
      histogram.recordValue(Math.max(0, ends[job] - due(job)));
    }
    return histogram;
  }

  /** How long each took, if they ran one after the other. */
  long[] times() {
    var times = new long[size()];
    long before = start;
    for (int job = 0; job < size(); job++) {
      times[job] = ends[job] - Math.max(before, due(job));
      before = ends[job];
    }
    return times;
  }

  /** The first job that runs, and where it is; null if none does. */
  Message.@Nullable Stuck stuck() {
    return running(_ -> true);
  }

  /** The job that has called System.exit, and where; null if none has. */
  Message.@Nullable Stuck exiting() {
    return running(frame ->
        frame.getClassName().equals("java.lang.Runtime") && frame.getMethodName().equals("exit"));
  }

  private Message.@Nullable Stuck running(Predicate<StackTraceElement> has) {
    for (int job = 0; job < size(); job++) {
      var thread = threads[job];
      var stack = thread == null ? List.<StackTraceElement>of() : List.of(thread.getStackTrace());
      if (stack.stream().anyMatch(has)) {
        return new Message.Stuck(name(job), size() - (int) open.getCount(), Texts.at(stack));
      }
    }
    return null;
  }

  /** As {@code job 3 of 10}. */
  String name(int job) {
    return "job " + (job + 1) + " of " + size();
  }
}

package dev.segue.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.segue.cluster.ClusterTask.Place;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.internal.Deadlines;
import dev.segue.futures.internal.LivePools;
import dev.segue.futures.internal.TaskBody;
import dev.segue.futures.internal.TaskQueue;
import dev.segue.process.codec.ResultLoaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The state of an executor: its queue, what Spark has, whether it is shut down. One lock guards all
 * of it. Spark's threads take the lock while they hold locks of Spark's, so nobody calls Spark
 * while holding it.
 */
final class SparkPool implements LivePools.Source {
  private static final AtomicInteger POOLS = new AtomicInteger();

  /** The property of a job's threads that says whose it is. */
  static final String JOB = "segue.job";

  /** How long to wait for Spark to tell what to kill, before the whole job is cancelled. */
  private static final long KILL_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How long Spark may take from the sending of a slot to its start, of which it tells. */
  private static final long START_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** How long Spark may take to hand over a result that it has read. */
  private static final long RESULT_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final byte[][] TAKEN = {};

  /** How often to look without a reason to. */
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name = "spark-" + POOLS.incrementAndGet();
  private final ClusterSettings settings;
  private final SparkContext context;
  private final AwaitedResults awaited;
  private final ClassShipping shipping;
  private final TaskCodec codec;
  private final boolean speculates;
  private final ResultLoaders loaders = new ResultLoaders();
  private final Deliveries deliveries = new Deliveries(name, this::wakeUp);
  private final CountDownLatch terminated = new CountDownLatch(1);

  private final LongAdder succeeded = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder cpuNanos = new LongAdder();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();

  @GuardedBy("lock")
  private final TaskQueue<ClusterTask<?>> queue;

  @GuardedBy("lock")
  private final ExecutorTable executors = new ExecutorTable();

  @GuardedBy("lock")
  private final Jobs jobs;

  @GuardedBy("lock")
  private final Settlement settlement;

  /** Slots whose results have come, the last one first. */
  @GuardedBy("lock")
  private @Nullable Slot arrived;

  /** Jobs that have failed, the last one first. */
  @GuardedBy("lock")
  private @Nullable SparkJob failedJobs;

  /** Whether the executors have the classes that they need. */
  @GuardedBy("lock")
  private boolean isPrepared;

  /** A job that Spark is to get: it has left the queue, and must not be forgotten. */
  @GuardedBy("lock")
  private @Nullable SparkJob next;

  @GuardedBy("lock")
  private boolean awake;

  @GuardedBy("lock")
  private boolean shutdown;

  @GuardedBy("lock")
  private @Nullable RuntimeException broken;

  @GuardedBy("lock")
  private long tasks;

  @GuardedBy("lock")
  private long repeated;

  @GuardedBy("lock")
  private long lostExecutors;

  @GuardedBy("lock")
  private long sparkTasks;

  /** When the context was first seen stopped; {@link Slot#NEVER} if it was not. */
  @GuardedBy("lock")
  private long stoppedSince = Slot.NEVER;

  /** Since when tasks have waited although there is no executor; {@link Slot#NEVER} if not. */
  @GuardedBy("lock")
  private long withoutExecutorSince = Slot.NEVER;

  SparkPool(ClusterSettings settings, SparkContext context) {
    this.settings = settings;
    this.context = context;
    this.awaited = new AwaitedResults(context);
    this.shipping = ClassShipping.of(context);
    this.codec = new TaskCodec(TaskCodec.longest(context.getConf()), shipping::refusalFor);
    this.queue = new TaskQueue<>(settings.queueTasks(), settings.queueBytes(), ClusterTask::length);
    this.jobs = new Jobs(this, settings, queue, executors);
    this.speculates = context.getConf().getBoolean("spark.speculation", false);
    int maxFailures = context.getConf().getInt("spark.task.maxFailures", 4);
    this.settlement = new Settlement(this, queue, jobs, maxFailures);
    LivePools.add(this);
  }

  String name() {
    return name;
  }

  SparkContext context() {
    return context;
  }

  /** What sends classes to the executors. */
  ClassShipping shipping() {
    return shipping;
  }

  /** What runs callbacks of futures, and decodes results. */
  Deliveries deliveries() {
    return deliveries;
  }

  /** Counts a future that has ended. */
  void count(Future.State how) {
    switch (how) {
      case SUCCESS -> succeeded.increment();
      case FAILED -> failed.increment();
      case CANCELLED -> cancelled.increment();
      case RUNNING -> throw new AssertionError("a future has not ended that has");
    }
  }

  // Submission.

  <T extends @Nullable Object> ClusterTask<T> submit(TaskOptions options, Callable<T> task) {
    return enqueue(options, TaskBody.of(Objects.requireNonNull(task, "task must not be null")));
  }

  <T extends @Nullable Object> ClusterTask<T> submit(TaskOptions options, Runnable task, T result) {
    return enqueue(
        options, TaskBody.of(Objects.requireNonNull(task, "task must not be null"), result));
  }

  void execute(Runnable task) {
    var _ =
        enqueue(
            TaskOptions.DEFAULT,
            TaskBody.unwatched(Objects.requireNonNull(task, "task must not be null")));
  }

  private <T extends @Nullable Object> ClusterTask<T> enqueue(
      TaskOptions options, TaskBody<T> body) {
    Objects.requireNonNull(options, "options must not be null");
    if (isShutdown()) {
      refuseAfterShutdown();
    }
    var encoded = codec.encode(body.task());
    lock.lock();
    try {
      makeRoom(encoded.length);
      var task = new ClusterTask<>(this, ++tasks, options, body, encoded);
      queue.add(task);
      signal();
      return task;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void makeRoom(int length) {
    while (!shutdown && !queue.hasRoomFor(length)) {
      queue.waitForRoom(room, settings.whenFull(), name, length);
    }
    if (shutdown) {
      refuseAfterShutdown();
    }
  }

  private void refuseAfterShutdown() {
    RuntimeException why;
    lock.lock();
    try {
      why = broken;
    } finally {
      lock.unlock();
    }
    throw why == null
        ? new RejectedExecutionException(name + " has been shut down")
        : new RejectedExecutionException(name + " has failed", why);
  }

  // What callers do with their tasks.

  /** Stops the work of a task whose future was cancelled. */
  void cancelled(ClusterTask<?> task, boolean mayInterrupt) {
    long kill = -1;
    boolean hasEnded;
    lock.lock();
    try {
      hasEnded = task.place() != Place.SENT && task.place() != Place.OVER;
      switch (task.place()) {
        case QUEUED -> {
          queue.remove(task);
          room.signalAll();
          task.over();
        }
        case GIVEN, RETURNED -> task.over();
        case SENT -> {
          if (mayInterrupt) {
            kill = task.slot().kill(System.nanoTime());
          }
        }
        case OVER -> {} // the thread that has the result ends it
      }
      signal();
    } finally {
      lock.unlock();
    }
    kill(kill, task.name() + " was cancelled");
    if (hasEnded) {
      task.workEnded();
    }
  }

  /**
   * Takes a task that {@code shutdownNow} returned, to run it here. Returns whether nobody has
   * taken it before.
   */
  boolean takeReturned(ClusterTask<?> task) {
    lock.lock();
    try {
      if (task.place() != Place.RETURNED) {
        return false;
      }
      task.over();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Has Spark kill an attempt, unless the id is negative. */
  private void kill(long id, String why) {
    if (id >= 0) {
      try {
        context.killTaskAttempt(id, true, why);
      } catch (Throwable t) {
        Log.warn("Spark cannot kill an attempt of which " + why, t);
      }
    }
  }

  // Shutting down.

  void shutdown() {
    lock.lock();
    try {
      shutdown = true;
      room.signalAll();
      signal();
    } finally {
      lock.unlock();
    }
  }

  List<Runnable> shutdownNow() {
    var returned = new ArrayList<ClusterTask<?>>();
    var kills = new ArrayList<Long>();
    lock.lock();
    try {
      shutdown = true;
      long now = System.nanoTime();
      for (var slot : jobs.slots()) {
        boolean runs = false;
        for (var task : slot.tasks()) {
          if (task.place() == Place.GIVEN) {
            returned.add(task);
          } else if (task.place() == Place.SENT && slot.holds(task)) {
            task.interrupted();
            runs = true;
          }
        }
        if (runs) {
          kills.add(slot.kill(now));
        }
      }
      returned.addAll(queue.all());
      queue.clear();
      returned.forEach(ClusterTask::returned);
      room.signalAll();
      signal();
    } finally {
      lock.unlock();
    }
    kills.forEach(id -> kill(id, "shutdownNow() was called"));
    returned.sort(Comparator.comparingLong(ClusterTask::number));
    return List.copyOf(returned);
  }

  boolean isShutdown() {
    lock.lock();
    try {
      return shutdown;
    } finally {
      lock.unlock();
    }
  }

  boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  boolean awaitTermination(long nanos) throws InterruptedException {
    return terminated.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Notes that nothing is left. */
  void terminated() {
    terminated.countDown();
  }

  // What Spark asks and tells. Each on a thread of Spark's, most of which end with the first error
  // that is thrown there, and with them all that Spark does: so nothing is thrown, and what must
  // not be missed is noted without memory for it.

  /** Returns what the next attempt of a slot takes with it. */
  Shipment send(Slot slot) {
    lock.lock();
    try {
      boolean again = !slot.begin();
      return again && !mayGoAgain(slot) ? slot.nothing() : shipment(slot);
    } catch (Throwable t) { // for want of memory
      slot.unsent(t);
      return slot.nothing();
    } finally {
      lock.unlock();
    }
  }

  /** Makes it, and notes what is sent only once nothing can fail any more. */
  @GuardedBy("lock")
  private Shipment shipment(Slot slot) {
    var all = slot.tasks();
    var sent = new ArrayList<ClusterTask<?>>(all.size());
    var items = new Shipment.@Nullable Item[all.size()];
    long timeout = 0;
    for (int i = 0; i < items.length; i++) {
      var task = all.get(i);
      if (slot.wants(task) && !task.isUsedUp()) {
        items[i] = task.item();
        sent.add(task);
        timeout = Math.max(timeout, timeoutNanos(task));
      }
    }
    if (sent.isEmpty()) {
      return slot.nothing();
    }
    var shipment = Shipment.of(slot.index(), items);
    for (int i = 0; i < sent.size(); i++) {
      var task = sent.get(i);
      repeated += task.attempts() > 0 ? 1 : 0;
      task.sent();
    }
    sparkTasks++;
    slot.sent(System.nanoTime(), timeout);
    if (timeout != Slot.NEVER || slot.job().isAlone()) {
      signal();
    }
    return shipment;
  }

  /**
   * Whether Spark may run a slot once more whose executor it has lost. Not if others were there: it
   * may be their fault, and so each is run again on its own. If Spark starts second copies of slow
   * tasks, nobody can tell, and it may.
   */
  @GuardedBy("lock")
  private boolean mayGoAgain(Slot slot) {
    return !slot.isKilled() && (speculates || jobs.isAlone(slot));
  }

  private long timeoutNanos(ClusterTask<?> task) {
    var timeout = timeout(task);
    return timeout == null ? Slot.NEVER : Deadlines.nanos(timeout, "timeout");
  }

  private @Nullable Duration timeout(ClusterTask<?> task) {
    return task.timeout() != null ? task.timeout() : settings.taskTimeout();
  }

  /** Takes the results of a slot. */
  void arrived(Slot slot, byte[] @Nullable [] results) {
    lock.lock();
    try {
      if (slot.results == null) {
        slot.results = results;
        slot.next = arrived;
        arrived = slot;
        signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a job has failed. */
  void failed(SparkJob job, Throwable why) {
    lock.lock();
    try {
      if (job.failure == null) {
        job.failure = why;
        job.next = failedJobs;
        failedJobs = job;
        signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of a job of this pool's from its properties; -1 if it is not. */
  long jobNumber(Properties properties) {
    var value = properties.getProperty(JOB, "");
    return value.startsWith(name + ":") ? Long.parseLong(value.substring(name.length() + 1)) : -1;
  }

  void started(long job, int index, int attempt, long id, String executor, String host) {
    long kill = -1;
    lock.lock();
    try {
      var slot = jobs.slot(job, index);
      if (slot != null) {
        kill = slot.started(attempt, id, executors.get(executor, host));
      }
    } finally {
      lock.unlock();
    }
    kill(kill, "nothing is wanted any more");
  }

  void attemptEnded(long job, int index, long id, @Nullable String why) {
    lock.lock();
    try {
      var slot = jobs.slot(job, index);
      if (slot != null) {
        slot.attemptEnded(id, why);
      }
    } finally {
      lock.unlock();
    }
  }

  void used(long nanos) {
    cpuNanos.add(nanos);
  }

  void executorAdded(String id, String host, int cores, Map<String, String> logs) {
    lock.lock();
    try {
      executors.added(id, host, cores, logs);
      withoutExecutorSince = Slot.NEVER;
      signal();
    } finally {
      lock.unlock();
    }
  }

  void executorRemoved(String id, String why) {
    lock.lock();
    try {
      executors.ended(id, why);
      if (jobs.isAnyOn(id)) {
        lostExecutors++;
      }
      signal();
    } finally {
      lock.unlock();
    }
  }

  // The dispatcher.

  /** Has what executors need sent to them, which may take until there is one. */
  void prepare() {
    try {
      boolean sent = false;
      while (!sent) {
        sent = ship();
      }
      lock.lock();
      try {
        isPrepared = true;
        signal();
      } finally {
        lock.unlock();
      }
    } catch (Throwable t) {
      unprepared(t);
    }
  }

  /** Sends it. Returns false if what was asked is lost, so that another executor is to be asked. */
  private boolean ship() {
    try {
      shipping.ship(settings.shipClassPath());
      return true;
    } catch (Throwable t) {
      boolean lost = ClusterFailures.isLoss(t) || ClusterFailures.isCancelled(t);
      if (!lost || context.isStopped()) {
        throw t;
      }
      return false;
    }
  }

  private void unprepared(Throwable why) {
    boolean stopped = context.isStopped(); // then the dispatcher fails all
    var actions = new ArrayList<Runnable>();
    lock.lock();
    try {
      if (broken == null && !stopped) {
        fail(ClusterFailures.unprepared(name, why), actions);
        signal();
      }
    } finally {
      lock.unlock();
      run(actions);
    }
  }

  /** Has the dispatcher look soon. */
  void wakeUp() {
    lock.lock();
    try {
      signal();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void signal() {
    awake = true;
    work.signal();
  }

  /** Waits until there is something to look at. On the dispatcher. */
  void await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!awake && left > 0) {
        left = work.awaitNanos(left);
      }
      awake = false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What to do next.
   *
   * @param job to be given to Spark; null for none
   * @param pause for how long to wait before the next look
   * @param terminated whether nothing is left
   */
  record Look(@Nullable SparkJob job, long pause, boolean terminated) {}

  /** Looks at what has happened, and what is to be done. On the dispatcher. */
  Look look() {
    boolean deliveriesWait = deliveries.look();
    boolean stopped = context.isStopped();
    var actions = new ArrayList<Runnable>();
    lock.lock();
    try {
      long now = System.nanoTime();
      takeArrived(actions);
      takeFailedJobs(actions);
      if (stopped && broken == null && !mayHearWhy(now)) {
        fail(ClusterFailures.contextStopped(name, null), actions);
      }
      stopLate(now, actions);
      lookForExecutors(now, actions);
      if (next == null && isPrepared && !stopped && broken == null) {
        next = jobs.next(now, shutdown);
        if (next != null) {
          room.signalAll();
        }
      }
      var job = next;
      boolean over =
          shutdown
              && job == null
              && actions.isEmpty()
              && queue.isEmpty()
              && jobs.isEmpty()
              && deliveries.isEmpty();
      long pause = actions.isEmpty() ? pause(now) : 0;
      var look = new Look(job, deliveriesWait ? Math.min(pause, TICK_NANOS / 100) : pause, over);
      next = null;
      return look;
    } finally {
      lock.unlock();
      run(actions); // also after an error, so that no future is forgotten
    }
  }

  /** Runs each, also if another one throws. */
  private static void run(List<Runnable> actions) {
    for (int i = 0; i < actions.size(); i++) {
      var action = actions.get(i);
      try {
        WithMemory.run(Runnable::run, action);
      } catch (Throwable t) {
        Log.error("what follows the end of a task threw", t);
      }
    }
  }

  /** Whether a job may still tell why the context was stopped, which Spark tells no one else. */
  @GuardedBy("lock")
  private boolean mayHearWhy(long now) {
    if (stoppedSince == Slot.NEVER) {
      stoppedSince = now;
    }
    return !jobs.isEmpty() && now - stoppedSince < TICK_NANOS;
  }

  @GuardedBy("lock")
  private long pause(long now) {
    long pause = stoppedSince == Slot.NEVER ? TICK_NANOS : TICK_NANOS / 10;
    for (var slot : jobs.slots()) {
      if (slot.deadline() != Slot.NEVER) {
        pause = Math.min(pause, slot.deadline() - now);
      }
    }
    pause = Math.min(pause, jobs.delay(now));
    return Math.max(pause, TICK_NANOS / 1000);
  }

  // Slots and jobs end.

  @GuardedBy("lock")
  private void takeArrived(List<Runnable> actions) {
    while (arrived != null) {
      var slot = arrived;
      settlement.arrived(slot, Objects.requireNonNull(slot.results), actions);
      slot.results = TAKEN; // Spark keeps the slot for as long as its job
      arrived = slot.next;
    }
  }

  /** Decodes a result, which may run the program's code, and ends the future with it. */
  void deliver(ClusterTask<?> task, byte[] result) {
    deliveries.execute(() -> {
      TaskCodec.Reply reply;
      try {
        reply = codec.decode(task.name(), result, task.resultLoader(loaders));
      } catch (Throwable t) { // for want of memory
        reply = new TaskCodec.Reply.Failed(t);
      }
      switch (reply) {
        case TaskCodec.Reply.Returned(var value) -> task.succeed(value);
        case TaskCodec.Reply.Failed(var cause) -> task.fail(cause);
      }
    });
  }

  /** Fails a task with a reason that takes a while to find, or with what prevents that. */
  void failLater(ClusterTask<?> task, Supplier<Throwable> reason) {
    deliveries.execute(() -> {
      Throwable why;
      try {
        why = reason.get();
      } catch (Throwable t) { // for want of memory
        why = t;
      }
      task.fail(why);
    });
  }

  @GuardedBy("lock")
  private void takeFailedJobs(List<Runnable> actions) {
    while (failedJobs != null) {
      var job = failedJobs;
      var why = Objects.requireNonNull(job.failure);
      if (ClusterFailures.isEndOfContext(why)) {
        fail(ClusterFailures.contextStopped(name, why), actions);
      } else {
        settlement.failed(job, why, actions);
      }
      failedJobs = job.next;
    }
  }

  // Time passes.

  @GuardedBy("lock")
  private void stopLate(long now, List<Runnable> actions) {
    for (var slot : jobs.slots()) {
      if (now - slot.deadline() >= 0 && slot.deadline() != Slot.NEVER) {
        timedOut(slot, actions);
      }
      var job = slot.job();
      boolean stuck =
          slot.isKillOverdue(now, KILL_PATIENCE_NANOS)
              || slot.isStartOverdue(now, START_PATIENCE_NANOS)
              || slot.isResultLost(awaited, now, RESULT_PATIENCE_NANOS)
              || jobs.waitsInVain(slot);
      if (stuck && job.isSubmitted() && !job.isCancelled()) {
        actions.add(() -> job.action().cancel());
        job.cancel();
      }
    }
  }

  /** Stops a slot that takes too long. Of several tasks each gets its time, on its own. */
  @GuardedBy("lock")
  private void timedOut(Slot slot, List<Runnable> actions) {
    for (var task : slot.tasks()) {
      if (!slot.wants(task)) {
        continue;
      }
      var limit = timeout(task);
      if (slot.tasks().size() == 1 && limit != null) {
        var failure = ClusterFailures.timedOut(task.name(), limit, slot.executor());
        actions.add(() -> task.failBeforeWorkEnds(failure));
      } else {
        task.setApart();
      }
    }
    actions.add(() -> killLate(slot));
    slot.expired();
  }

  private void killLate(Slot slot) {
    long id;
    lock.lock();
    try {
      id = slot.kill(System.nanoTime());
    } finally {
      lock.unlock();
    }
    kill(id, "the time-out has passed");
  }

  /** Fails all tasks if they have waited for too long for any executor to come. */
  @GuardedBy("lock")
  private void lookForExecutors(long now, List<Runnable> actions) {
    boolean waits = !queue.isEmpty() || !jobs.isEmpty();
    if (!waits || context.isLocal() || executors.isAnyAlive()) {
      withoutExecutorSince = Slot.NEVER;
    } else if (withoutExecutorSince == Slot.NEVER) {
      withoutExecutorSince = now;
    } else if (now - withoutExecutorSince
        >= Deadlines.nanos(settings.startTimeout(), "startTimeout")) {
      withoutExecutorSince = Slot.NEVER;
      actions.add(this::noExecutorCame);
    }
  }

  private void noExecutorCame() {
    if (!context.getExecutorIds().isEmpty()) {
      return; // Spark has not told
    }
    var given = new ArrayList<SparkJob>();
    Runnable failAll;
    lock.lock();
    try {
      var waiting = unended();
      failAll = () -> failWithoutExecutor(waiting);
      for (var job : jobs.all()) {
        if (job.isSubmitted() && !job.isCancelled()) {
          given.add(job);
        }
      }
      given.forEach(SparkJob::cancel);
      end(waiting);
      room.signalAll();
    } finally {
      lock.unlock();
    }
    deliveries.execute(failAll);
    given.forEach(job -> job.action().cancel());
  }

  private void failWithoutExecutor(List<ClusterTask<?>> waiting) {
    Throwable why;
    try {
      why = ClusterFailures.notStarted(settings.startTimeout(), StartDiagnosis.reason(context));
    } catch (Throwable t) {
      why = t;
    }
    for (var task : waiting) {
      task.fail(why);
    }
  }

  // Jobs.

  /** Notes that Spark has a job now. */
  void submitted(SparkJob job, org.apache.spark.SimpleFutureAction<?> action) {
    lock.lock();
    try {
      job.submitted(action);
    } finally {
      lock.unlock();
    }
  }

  // The end.

  /** Fails every task, and takes none any more. */
  @GuardedBy("lock")
  private void fail(RuntimeException why, List<Runnable> actions) {
    var all = unended();
    for (var task : all) {
      actions.add(() -> task.fail(why));
    }
    if (broken == null) {
      broken = why;
    }
    shutdown = true;
    room.signalAll();
    end(all);
    jobs.endAll();
  }

  /** All tasks that wait, or that Spark has. */
  @GuardedBy("lock")
  private List<ClusterTask<?>> unended() {
    var all = new ArrayList<>(queue.all());
    for (var slot : jobs.slots()) {
      for (var task : slot.tasks()) {
        if (slot.holds(task)) {
          all.add(task);
        }
      }
    }
    return all;
  }

  /** Takes tasks out of the queue and the slots: all that there are. */
  @GuardedBy("lock")
  private void end(List<ClusterTask<?>> all) {
    queue.clear();
    for (int i = 0; i < all.size(); i++) {
      all.get(i).over();
    }
  }

  /** Fails every task after an error in the pool itself, so that no caller waits for ever. */
  void broken(Throwable thrown) {
    Log.error(name + " has failed, and all of its tasks with it", thrown);
    var actions = new ArrayList<Runnable>();
    lock.lock();
    try {
      fail(ClusterFailures.broken(name, thrown), actions);
    } finally {
      lock.unlock();
      run(actions);
    }
  }

  // Insight.

  /** Two batches for each core that Spark has, and as many in the queue, if it has room. */
  int tasksToKeepBusy() {
    lock.lock();
    try {
      long tasks = 4L * executors.cores() * settings.maxBatch();
      return (int) Math.min(tasks, settings.queueTasks());
    } finally {
      lock.unlock();
    }
  }

  SparkExecutor.Stats stats() {
    lock.lock();
    try {
      var alive = executors.alive();
      return new SparkExecutor.Stats(
          alive.size(),
          executors.cores(),
          queue.size(),
          jobs.tasks(),
          succeeded.sum(),
          failed.sum(),
          cancelled.sum(),
          repeated,
          lostExecutors,
          sparkTasks,
          Duration.ofNanos(cpuNanos.sum()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public LivePools.@Nullable State state() {
    if (isTerminated()) {
      return null;
    }
    lock.lock();
    try {
      long now = System.nanoTime();
      var running = new LinkedHashMap<ExecutorState, Slot>();
      int given = 0;
      for (var slot : jobs.slots()) {
        var executor = slot.executor();
        if (executor != null && slot.wasSent()) {
          running.putIfAbsent(executor, slot);
        } else {
          given += slot.tasks().size();
        }
      }
      var workers = new ArrayList<LivePools.Worker>();
      for (var executor : executors.alive()) {
        var slot = running.get(executor);
        workers.add(
            slot == null
                ? new LivePools.Worker(executor.toString(), -1, "idle", "", 0)
                : new LivePools.Worker(
                    executor.toString(),
                    -1,
                    "busy",
                    slot.tasks().getFirst().name(),
                    now - slot.sentAt()));
      }
      return new LivePools.State(name, queue.size() + given, lostExecutors, workers);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      var state = isTerminated() ? "terminated" : shutdown ? "shutting down" : "running";
      return name
          + " ["
          + state
          + ", "
          + context.master()
          + ", waiting tasks: "
          + queue.size()
          + "]";
    } finally {
      lock.unlock();
    }
  }
}

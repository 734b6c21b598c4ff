package dev.segue.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.segue.futures.PoolInstrument;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.internal.LivePools;
import dev.segue.futures.internal.TaskBody;
import dev.segue.futures.internal.TaskQueue;
import dev.segue.process.PoolTask.Place;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import dev.segue.process.codec.Decoder;
import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoded;
import dev.segue.process.codec.Encoder;
import dev.segue.process.codec.ResultLoaders;
import dev.segue.process.codec.Thrown;
import dev.segue.process.codec.UnencodableException;
import dev.segue.process.wire.FrameReader;
import dev.segue.process.wire.ProtocolException;
import dev.segue.process.wire.Sender;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of a pool: its queue, its workers, whether it is shut down. One lock guards all of it.
 * Callbacks of futures run user code: on {@link Callbacks}, or on the thread of the caller, without
 * the lock.
 */
final class Pool implements LivePools.Source {
  private static final AtomicInteger POOLS = new AtomicInteger();

  private final String name = "pool-" + POOLS.incrementAndGet();
  private final Settings settings;
  private final PoolInstruments instruments;
  private final ResultLoaders loaders = new ResultLoaders();
  private final WorkerCommand command;
  private final Dictionary dictionary;
  private final @Nullable Encoded initializer;
  private final ServiceThreads threads;
  private final Coordinator coordinator;
  private final Decodings decodings;
  private final Callbacks callbacks;
  private final CountDownLatch terminated = new CountDownLatch(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();

  @GuardedBy("lock")
  private final TaskQueue<PoolTask<?>> queue;

  @GuardedBy("lock")
  private final Dispatcher dispatcher;

  @GuardedBy("lock")
  private final Supervision supervision;

  @GuardedBy("lock")
  private boolean shutdown;

  @GuardedBy("lock")
  private boolean killing;

  @GuardedBy("lock")
  private long tasks;

  @GuardedBy("lock")
  private long lostWorkers;

  @GuardedBy("lock")
  private @Nullable Throwable broken;

  Pool(Settings settings) {
    this(settings, new ServiceThreads());
  }

  Pool(Settings settings, ServiceThreads threads) {
    this.settings = settings;
    this.instruments = new PoolInstruments(name, settings.instrument());
    this.threads = threads;
    this.command = new WorkerCommand(settings);
    command.prepare(name + "-command", threads); // first, because a worker's start takes longest
    this.decodings = new Decodings(name, threads);
    this.callbacks = new Callbacks(name, threads);
    this.coordinator = new Coordinator(this);
    this.dictionary = new Dictionary(command::refusalFor);
    this.initializer =
        settings.initializer() == null ? null : encode(settings.initializer()).onHeap();
    this.queue =
        new TaskQueue<>(
            settings.queueTasks(), settings.queueBytes(), task -> task.encoded().length());
    this.dispatcher = new Dispatcher(settings, instruments, queue, this::startWorker);
    this.supervision = new Supervision(settings, queue, dispatcher);
    coordinator.start(name + "-coordinator", threads);
    LivePools.add(this);
  }

  String name() {
    return name;
  }

  PoolInstrument instrument() {
    return instruments;
  }

  /** What runs the callbacks of futures that the pool ends. */
  Callbacks callbacks() {
    return callbacks;
  }

  // Submission.

  <T extends @Nullable Object> PoolTask<T> submit(TaskOptions options, Callable<T> task) {
    return enqueue(options, TaskBody.of(Objects.requireNonNull(task, "task must not be null")));
  }

  <T extends @Nullable Object> PoolTask<T> submit(TaskOptions options, Runnable task, T result) {
    return enqueue(
        options, TaskBody.of(Objects.requireNonNull(task, "task must not be null"), result));
  }

  void execute(Runnable task) {
    var _ =
        enqueue(
            TaskOptions.DEFAULT,
            TaskBody.unwatched(Objects.requireNonNull(task, "task must not be null")));
  }

  private <T extends @Nullable Object> PoolTask<T> enqueue(TaskOptions options, TaskBody<T> body) {
    Objects.requireNonNull(options, "options must not be null");
    startFirstWorker();
    var encoded = encode(body.task());
    lock.lock();
    try {
      var task = place(encoded, options, body);
      queue.add(task);
      dispatcher.dispatch(System.nanoTime());
      supervise();
      return task;
    } finally {
      lock.unlock();
    }
  }

  /** Makes a task, once there is room for it in the queue. */
  @GuardedBy("lock")
  private <T extends @Nullable Object> PoolTask<T> place(
      Encoded encoded, TaskOptions options, TaskBody<T> body) {
    try {
      makeRoom(encoded.length());
      var task = new PoolTask<>(this, ++tasks, options, body, encoded);
      instruments.submitted(tasks, task.name(), encoded.length());
      return task;
    } catch (Throwable t) {
      encoded.release();
      throw t;
    }
  }

  /**
   * Starts the first worker before its first task is encoded, because the first encoding is slow.
   */
  private void startFirstWorker() {
    lock.lock();
    try {
      refuseAfterShutdown();
      if (!dispatcher.hasStartedAny()) {
        dispatcher.startOne(System.nanoTime());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Encodes a task, into an array that nothing else uses. */
  private Encoded encode(Object task) {
    try {
      var encoded = new Encoder(dictionary).encode(task);
      if (encoded.length() > Sender.LONGEST_VALUE) {
        encoded.release();
        throw new RejectedExecutionException(
            "the task has "
                + encoded.length()
                + " bytes, more than the maximum of "
                + Sender.LONGEST_VALUE);
      }
      return encoded.trimmed();
    } catch (UnencodableException e) {
      throw e.ofTask();
    }
  }

  @GuardedBy("lock")
  private void makeRoom(int length) {
    while (!shutdown && !queue.hasRoomFor(length)) {
      queue.waitForRoom(room, settings.whenFull(), name, length);
    }
    refuseAfterShutdown();
  }

  @GuardedBy("lock")
  private void refuseAfterShutdown() {
    if (shutdown) {
      throw broken == null
          ? new RejectedExecutionException(name + " has been shut down")
          : new RejectedExecutionException(name + " has failed", broken);
    }
  }

  int tasksToKeepBusy() {
    return (int) Math.min(2L * settings.maxWorkers(), settings.queueTasks());
  }

  // What callers do with their tasks.

  /** Stops the work of a task whose future was cancelled. */
  void cancelled(PoolTask<?> task, boolean mayInterrupt) {
    lock.lock();
    try {
      switch (task.place()) {
        case QUEUED -> {
          queue.remove(task);
          room.signalAll();
          task.over();
        }
        case SENT -> {
          var delivery = Objects.requireNonNull(task.delivery());
          if (!delivery.worker().takeBack(delivery)) {
            if (mayInterrupt) {
              delivery.interrupt(System.nanoTime());
              supervise();
            }
            return; // the work ends with the worker's reply, or with the worker
          }
          task.over();
        }
        case RETURNED -> task.over();
        case OVER -> {
          return; // the thread that has the reply ends it
        }
      }
    } finally {
      lock.unlock();
    }
    task.workEnded();
  }

  /**
   * Takes a task that {@code shutdownNow} returned, to run it here. Returns whether nobody has
   * taken it before.
   */
  boolean takeReturned(PoolTask<?> task) {
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

  // Shutting down.

  void shutdown() {
    lock.lock();
    try {
      shutdown = true;
      room.signalAll();
      supervise();
    } finally {
      lock.unlock();
    }
  }

  List<Runnable> shutdownNow() {
    lock.lock();
    try {
      shutdown = true;
      room.signalAll();
      long now = System.nanoTime();
      for (var worker : dispatcher.all()) {
        var _ = dispatcher.takeBackAll(worker, null);
        var running = worker.running();
        if (running != null) {
          running.interrupt(now);
        }
      }
      var returned = queue.drain();
      returned.forEach(PoolTask::returned);
      supervise();
      return List.copyOf(returned);
    } finally {
      lock.unlock();
    }
  }

  void killWorkers() {
    List<PoolTask<?>> waiting;
    lock.lock();
    try {
      shutdown = true;
      killing = true;
      room.signalAll();
      for (var worker : dispatcher.all()) {
        var _ = dispatcher.takeBackAll(worker, null);
        worker.kill("killWorkers() was called");
      }
      waiting = queue.drain();
      waiting.forEach(PoolTask::over);
      supervise();
    } finally {
      lock.unlock();
    }
    decodings.cancelAll();
    waiting.forEach(PoolTask::cancelled);
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

  List<WorkerInfo> workers() {
    lock.lock();
    try {
      return dispatcher.infos();
    } finally {
      lock.unlock();
    }
  }

  int queuedTasks() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  long lostWorkers() {
    lock.lock();
    try {
      return lostWorkers;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public LivePools.@Nullable State state() {
    lock.lock();
    try {
      long now = System.nanoTime();
      var all = dispatcher.all();
      int ahead = all.stream().mapToInt(WorkerProcess::waiting).sum();
      var workers = all.stream().map(worker -> worker.state(now)).toList();
      return isTerminated()
          ? null
          : new LivePools.State(name, queue.size() + ahead, lostWorkers, workers);
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
          + ", workers: "
          + dispatcher.all().size()
          + ", waiting tasks: "
          + queue.size()
          + "]";
    } finally {
      lock.unlock();
    }
  }

  // Workers start.

  private WorkerProcess startWorker(long number, long now) {
    var worker = new WorkerProcess(name + "-worker-" + number, dictionary, now);
    instruments.workerStarted(worker.name());
    new Launch(this, threads, worker, command, settings, initializer != null).start();
    return worker;
  }

  /** Listens for a worker that is being started. */
  void await(ExpectedWorker expected) throws IOException {
    coordinator.await(expected);
  }

  void launched(WorkerProcess worker, Launch.Started process) {
    lock.lock();
    try {
      worker.launched(process);
      if (killing) {
        worker.kill("killWorkers() was called");
      }
    } finally {
      lock.unlock();
    }
  }

  void launchFailed(WorkerProcess worker, String why) {
    lock.lock();
    try {
      worker.launchFailed(why);
      supervise();
    } finally {
      lock.unlock();
    }
  }

  /** Kills a process that the pool cannot serve. */
  void unserved(WorkerProcess worker, Process process, String why) {
    lock.lock();
    try {
      worker.unserved(process, why);
      supervise();
    } finally {
      lock.unlock();
    }
  }

  WorkerConnection connected(
      WorkerProcess worker,
      SocketChannel control,
      SocketChannel channel,
      FrameReader in,
      SelectionKey key) {
    lock.lock();
    try {
      worker.connected(control, channel, key);
      if (initializer != null) {
        worker.giveInitializer(initializer);
      }
    } finally {
      lock.unlock();
    }
    return new WorkerConnection(
        this, worker, channel, in, new Decoder(loaders.ofPool(), settings.filter()));
  }

  void ready(WorkerProcess worker) {
    lock.lock();
    try {
      long now = System.nanoTime();
      worker.ready(now);
      dispatcher.forgetFailedStarts();
      dispatcher.dispatch(now);
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void startFailed(WorkerProcess worker, String why) {
    lock.lock();
    try {
      worker.startFailed(why);
      worker.stop(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  // Workers reply. On the coordinator.

  void flush(WorkerProcess worker) {
    lock.lock();
    try {
      worker.flush();
    } finally {
      lock.unlock();
    }
  }

  void replied(WorkerProcess worker, List<Reply> replies) throws ProtocolException {
    var deliveries = new ArrayList<Delivery>(replies.size());
    ProtocolException violation = null;
    lock.lock();
    try {
      long now = System.nanoTime();
      for (var reply : replies) {
        deliveries.add(worker.replied(reply, now));
      }
    } catch (ProtocolException e) {
      violation = e;
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < deliveries.size(); i++) {
      try {
        settle(deliveries.get(i), replies.get(i));
      } catch (Throwable t) { // for want of memory
        deliveries.get(i).task().fail(t);
      }
    }
    if (violation != null) {
      throw violation;
    }
    dispatchAgain();
  }

  private void dispatchAgain() {
    lock.lock();
    try {
      long now = System.nanoTime();
      dispatcher.dispatch(now);
      dispatcher.steal(now, Supervision.STEAL_AFTER_NANOS);
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void settle(Delivery delivery, Reply reply) {
    var task = delivery.task();
    if (delivery.isTimedOut()) {
      task.fail(PoolFailures.timedOut(delivery, timeoutOf(task), null));
      return;
    }
    // Plain values without the switch, whose first use takes 10 ms.
    if (reply instanceof Reply.Value(_, var value)) {
      task.succeed(value);
      return;
    }
    switch (reply) {
      case Reply.Skipped _, Reply.Value _ -> {}
      case Reply.Result result ->
          decodings.start(task, timeoutOf(task), () -> succeed(task, result), this::supervise);
      case Reply.Failure(_, var bytes, var arrays, var decoder) ->
          decodings.start(
              task,
              timeoutOf(task),
              () -> task.fail(Thrown.decode(bytes, arrays, decoder, task.resultLoader(loaders))),
              this::supervise);
    }
  }

  private void succeed(PoolTask<?> task, Reply.Result result) {
    Object value;
    try {
      value = result.decoder().decode(result.bytes(), result.arrays(), task.resultLoader(loaders));
    } catch (Throwable t) {
      task.fail(Thrown.undecodable(task.name(), t));
      return;
    }
    task.succeed(value);
  }

  /** How long a task may run; null for no limit. */
  private @Nullable Duration timeoutOf(PoolTask<?> task) {
    return task.timeout() != null ? task.timeout() : settings.taskTimeout();
  }

  // Workers end.

  /**
   * Notes the end of a connection. On the coordinator.
   *
   * @param violation what the worker did wrong, for which it is killed; null if it is ending anyway
   */
  void disconnected(WorkerProcess worker, @Nullable Throwable violation) {
    lock.lock();
    try {
      worker.disconnected();
      if (violation != null && !worker.hasExited() && !worker.wasKilledByPool()) {
        Log.warn("killing " + worker.name() + ": " + violation);
        worker.kill("its connection broke: " + violation);
      }
    } finally {
      lock.unlock();
    }
  }

  void exited(WorkerProcess worker, int code) {
    lock.lock();
    try {
      worker.exited(code, System.nanoTime());
    } finally {
      lock.unlock();
    }
    coordinator.wakeUp();
  }

  /** Notes that one of the worker's two output streams has been read to its end. */
  void outputEnded(WorkerProcess worker) {
    lock.lock();
    try {
      worker.outputEnded();
    } finally {
      lock.unlock();
    }
    coordinator.wakeUp();
  }

  // Supervision.

  /** Wakes the coordinator if it is asleep. */
  private void supervise() {
    lock.lock();
    try {
      if (supervision.isAsleep()) {
        supervision.wakeUp();
        coordinator.wakeUp();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Supervises the workers. On the coordinator.
   *
   * @return for how many milliseconds to listen before the next call, 0 for no limit; -1 if the
   *     pool has terminated
   */
  long look() {
    var lost = new ArrayList<Runnable>();
    long pause;
    lock.lock();
    try {
      long now = System.nanoTime();
      for (var worker : supervision.endedWorkers(now)) {
        removeEnded(worker, lost);
      }
      var failed = dispatcher.giveUp();
      if (failed != null) {
        endWaiting(lost, task -> fail(task, () -> PoolFailures.notStarted(failed)));
      }
      pause = supervision.look(now, shutdown);
      room.signalAll(); // tasks may have left the queue
      if (shutdown
          && lost.isEmpty()
          && dispatcher.isEmpty()
          && queue.isEmpty()
          && decodings.isEmpty()
          && callbacks.isEmpty()) {
        terminated.countDown();
        return -1;
      }
      if (!lost.isEmpty()) {
        dispatcher.dispatch(now);
        pause = Supervision.TICK_MILLIS;
      }
    } finally {
      lock.unlock();
      lost.forEach(Runnable::run); // also after an error, so that no future is forgotten
    }
    boolean callbacksWait = callbacks.look(System.nanoTime());
    if (!decodings.isEmpty() && decodings.isAnyLimited()) {
      decodings.stopLate();
      return Supervision.TICK_MILLIS;
    }
    return callbacksWait ? Supervision.TICK_MILLIS : pause;
  }

  /**
   * Removes a worker that has ended. Its tasks are queued again or fail.
   *
   * @param lost collects what to run without the lock: what ends futures
   */
  @GuardedBy("lock")
  private void removeEnded(WorkerProcess worker, List<Runnable> lost) {
    dispatcher.remove(worker);
    lost.add(worker::close);
    var left = worker.takeDeliveries();
    if (!killing && !left.stream().allMatch(Delivery::isRevoked)) {
      lostWorkers++;
    }
    try {
      requeue(left, lost);
    } catch (Throwable t) { // for want of memory
      lost.add(() -> left.forEach(delivery -> delivery.task().fail(t)));
      throw t;
    }
    if (worker.startFailure() != null) {
      dispatcher.startFailed(worker, PoolFailures.wasKilled(worker));
    }
    if (killing) {
      endWaiting(lost, PoolTask::cancelled);
    }
  }

  /** Takes all waiting tasks out of the queue, to be ended without the lock. */
  @GuardedBy("lock")
  private void endWaiting(List<Runnable> lost, Consumer<PoolTask<?>> end) {
    for (var task : queue.drain()) {
      task.over();
      lost.add(() -> end.accept(task));
    }
  }

  /** Queues the tasks again that a dead worker had not started or that may be retried. */
  @GuardedBy("lock")
  private void requeue(List<Delivery> left, List<Runnable> lost) {
    var again = new ArrayList<PoolTask<?>>();
    boolean mayBeTheCause = true;
    for (var delivery : left) {
      var task = delivery.task();
      if (delivery.isRevoked()) {
        continue;
      }
      boolean started = !delivery.revoke();
      if (started ? mayRetry(delivery) : !mayBeTheCause || task.mayBeSentAgain()) {
        again.add(task);
      } else {
        task.over();
        lost.add(() -> fail(task, () -> loss(delivery, started)));
      }
      mayBeTheCause = false; // the worker had not yet received the tasks behind this one
    }
    for (var task : again.reversed()) {
      task.queuedAgain();
      queue.addFirst(task);
    }
  }

  @GuardedBy("lock")
  private boolean mayRetry(Delivery delivery) {
    return !delivery.task().isDone()
        && !delivery.isTimedOut()
        && !shutdownKilled(delivery)
        && delivery.task().retry();
  }

  @GuardedBy("lock")
  private boolean shutdownKilled(Delivery delivery) {
    return killing || delivery.isInterrupted();
  }

  private Throwable loss(Delivery delivery, boolean started) {
    var failure = PoolFailures.lost(delivery, started);
    return delivery.isTimedOut()
        ? PoolFailures.timedOut(delivery, timeoutOf(delivery.task()), failure)
        : failure;
  }

  /** Fails a task with a reason, or with what prevents that the reason is told. */
  private static void fail(PoolTask<?> task, Supplier<Throwable> reason) {
    Throwable why;
    try {
      why = reason.get();
    } catch (Throwable t) { // for want of memory
      why = t;
    }
    task.fail(why);
  }

  /** Fails every task after an error in the pool itself, so that no caller waits for ever. */
  void broken(Throwable thrown) {
    Log.error(name + " has failed, and all of its tasks with it", thrown);
    try {
      boolean failed = false;
      while (!failed) {
        try {
          failAll(thrown);
          failed = true;
        } catch (OutOfMemoryError _) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10)); // until there is memory again
        }
      }
    } finally {
      terminated.countDown();
    }
  }

  private void failAll(Throwable thrown) {
    var all = new ArrayList<PoolTask<?>>();
    lock.lock();
    try {
      broken = thrown;
      shutdown = true;
      room.signalAll();
      all.addAll(queue.all());
      for (var worker : dispatcher.all()) {
        worker.deliveries().forEach(delivery -> all.add(delivery.task()));
        worker.kill("the pool has failed");
      }
    } finally {
      lock.unlock();
    }
    var failure = PoolFailures.broken(name, thrown);
    decodings.failAll(failure);
    all.forEach(task -> task.fail(failure));
    forgetAll();
  }

  /** Forgets all tasks and workers, once every future has ended. */
  private void forgetAll() {
    var workers = new ArrayList<WorkerProcess>();
    lock.lock();
    try {
      queue.drain().forEach(PoolTask::over);
      for (var worker : dispatcher.all()) {
        worker.takeDeliveries().forEach(delivery -> delivery.task().over());
        dispatcher.remove(worker);
        workers.add(worker);
      }
    } finally {
      lock.unlock();
    }
    workers.forEach(WorkerProcess::close);
  }
}

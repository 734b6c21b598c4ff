package dev.segue.process;

import dev.segue.futures.internal.LivePools;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoded;
import dev.segue.process.wire.Claims;
import dev.segue.process.wire.ControlMessage;
import dev.segue.process.wire.ProtocolException;
import dev.segue.process.wire.Sender;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * In the parent: one worker, from the decision to start it until its process has ended. Guarded by
 * the pool's lock, except for what says otherwise.
 *
 * <p>The coordinator reads some of it without the lock: the process, which never changes once the
 * worker has a task, and after the pool has removed the worker, how it ended.
 */
final class WorkerProcess {
  enum State {
    STARTING,
    /** Takes tasks. */
    READY,
    /** Takes no more tasks, and exits after those that it has. */
    RETIRING,
    /** Asked to exit, or killed. */
    STOPPING
  }

  /** While one task runs, the worker holds one more, and further ones up to this size. */
  private static final int AHEAD_BYTES = 256 << 10;

  /** Frames for a worker that has enough to do are collected up to this size. */
  private static final int COLLECTED_BYTES = 16 << 10;

  private final String name;
  private final long startedAt;
  private final Dictionary dictionary;
  private final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();

  private State state = State.STARTING;
  private @Nullable Process process;
  private @Nullable Sender out;
  private @Nullable SocketChannel control;
  private @Nullable ExpectedWorker expected;
  private @Nullable Claims claims;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;

  private long nextNumber;
  private long bytesAhead;
  private long tasksDone;
  private long idleSince;
  private long movedAt;
  private long stopBy = Delivery.NEVER;
  private @Nullable String startFailure;
  private @Nullable String whyKilled;

  private boolean disconnected;
  private int outputsOpen = 2;
  private @Nullable Integer exitCode;
  private long exitedAt;

  /** The last lines of standard error. Safe for use by several threads. */
  private final StderrTail stderr = new StderrTail();

  WorkerProcess(String name, Dictionary dictionary, long now) {
    this.name = name;
    this.dictionary = dictionary;
    this.startedAt = now;
  }

  String name() {
    return name;
  }

  State state() {
    return state;
  }

  long startedAt() {
    return startedAt;
  }

  StderrTail stderr() {
    return stderr;
  }

  long pid() {
    return process == null ? -1 : process.pid();
  }

  private Sender out() {
    return Objects.requireNonNull(out);
  }

  Claims claims() {
    return Objects.requireNonNull(claims);
  }

  // Start.

  void launched(Launch.Started started) {
    process = started.process();
    expected = started.expected();
    claims = expected.rendezvous().claims();
    out = new Sender(dictionary);
    if (state == State.STOPPING) {
      end(process);
    }
  }

  /** Notes that there is no process and will be none. */
  void launchFailed(String why) {
    startFailure = why;
    disconnected = true;
    outputsOpen = 0;
    exitCode = -1;
  }

  /**
   * Kills its process, which the pool cannot serve.
   *
   * @param started the process, whether it was {@link #launched} or not
   */
  void unserved(Process started, String why) {
    process = started;
    if (state == State.STARTING) {
      startFailure = startFailure == null ? why : startFailure + "; " + why;
    }
    kill(why);
  }

  void connected(
      SocketChannel controlConnection, SocketChannel connection, SelectionKey registration) {
    control = controlConnection;
    channel = connection;
    key = registration;
  }

  boolean isConnected() {
    return channel != null;
  }

  /** Sends what to run before the first task. */
  void giveInitializer(Encoded initializer) {
    out().initializer(initializer);
    flush();
  }

  void ready(long now) {
    if (state == State.STARTING) {
      state = State.READY;
    }
    idleSince = now;
  }

  void startFailed(String why) {
    startFailure = why;
  }

  /** Why the worker never became ready, as far as is known; null if it did. */
  @Nullable String startFailure() {
    return startFailure;
  }

  // Tasks.

  /** Whether one more task may be sent. */
  boolean hasRoom() {
    return state == State.READY
        && deliveries.size() < Claims.WINDOW
        && (deliveries.size() < 2 || bytesAhead < AHEAD_BYTES);
  }

  boolean isIdle() {
    return state == State.READY && deliveries.isEmpty();
  }

  int load() {
    return deliveries.size();
  }

  /** How many tasks have been sent to it. */
  long tasksGiven() {
    return nextNumber;
  }

  long idleSince() {
    return idleSince;
  }

  /** When the worker last read or replied. */
  long movedAt() {
    return movedAt;
  }

  Collection<Delivery> deliveries() {
    return deliveries;
  }

  void give(PoolTask<?> task, long now) {
    var encoded = task.encoded();
    long number = nextNumber++;
    var delivery = new Delivery(this, task, number, now);
    deliveries.add(delivery);
    bytesAhead += encoded.length();
    task.sent(delivery);
    claims().offer(number);
    out().task(number, task.wantsValue(), encoded);
    if (deliveries.size() <= 2 || out().waiting() >= COLLECTED_BYTES) {
      flush();
    }
  }

  /** Writes what the connection takes. If it is broken, the coordinator finds out when it reads. */
  void flush() {
    var out = this.out;
    if (channel == null || out == null || !channel.isOpen() || out.waiting() == 0) {
      return;
    }
    try {
      long before = out.waiting();
      boolean all = out.flush(channel);
      if (out.waiting() < before) {
        movedAt = System.nanoTime();
      }
      var registration = Objects.requireNonNull(key);
      boolean waits = (registration.interestOps() & SelectionKey.OP_WRITE) != 0;
      if (all == waits) {
        registration.interestOps(
            all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        registration.selector().wakeup();
      }
    } catch (IOException | CancelledKeyException _) {
      // The coordinator has closed it, as the process is ending: Pool.removeEnded() looks after
      // its tasks.
    }
  }

  /**
   * Notes a reply, which is to the oldest task.
   *
   * @throws ProtocolException if the reply is to another one
   */
  Delivery replied(Reply reply, long now) throws ProtocolException {
    var delivery = deliveries.peek();
    if (delivery == null || delivery.number() != reply.number()) {
      throw new ProtocolException("reply to task " + reply.number() + " out of order");
    }
    if (delivery.isRevoked() != reply instanceof Reply.Skipped) {
      throw new ProtocolException(
          "task "
              + reply.number()
              + (delivery.isRevoked()
                  ? " ran although it had been taken back"
                  : " was skipped although it had not been taken back"));
    }
    deliveries.remove();
    if (!delivery.isRevoked()) {
      bytesAhead -= delivery.task().encoded().length();
      tasksDone++;
      delivery.task().over();
    }
    idleSince = now;
    movedAt = now;
    return delivery;
  }

  /**
   * Takes a task back, so that another worker can have it.
   *
   * @return whether the worker had not started it
   */
  boolean takeBack(Delivery delivery) {
    if (delivery.isRevoked()) {
      return false;
    }
    if (delivery.revoke()) {
      bytesAhead -= delivery.task().encoded().length();
      return true;
    }
    return false;
  }

  /** The task that is running; null if none is. */
  @Nullable Delivery running() {
    Delivery running = null;
    for (var delivery : deliveries) {
      if (delivery.isRevoked()) {
        continue;
      }
      if (!delivery.isClaimed()) {
        break;
      }
      running = delivery; // an older one has ended, and its reply is on the way
    }
    return running;
  }

  // End.

  void retire() {
    if (state == State.READY) {
      state = State.RETIRING;
    }
  }

  void sendInterrupt(long number) {
    sendControl(ControlMessage.Kind.INTERRUPT, number);
  }

  /** Asks the worker to exit. It is killed if it has not done so by the deadline. */
  void stop(long deadline) {
    if (state != State.STOPPING) {
      state = State.STOPPING;
      stopBy = deadline;
      sendControl(ControlMessage.Kind.EXIT, 0);
    }
  }

  /**
   * Kills the process.
   *
   * @param why for messages; the first reason counts
   */
  void kill(String why) {
    state = State.STOPPING;
    if (whyKilled == null) {
      whyKilled = why;
    }
    if (process != null) {
      end(process);
    }
  }

  /** Process.destroyForcibly would also close its output, and lose what has not been read. */
  private static void end(Process process) {
    process.toHandle().destroyForcibly();
  }

  long stopBy() {
    return stopBy;
  }

  private void sendControl(ControlMessage.Kind kind, long number) {
    if (control != null) {
      try {
        // The channel takes hundreds of messages. A worker that reads none of them is killed.
        var _ = control.write(new ControlMessage(kind, number).encoded());
      } catch (IOException _) {
        // The process is ending.
      }
    }
  }

  void disconnected() {
    disconnected = true;
  }

  boolean isDisconnected() {
    return disconnected;
  }

  /** Notes that one of standard output and error has been read to its end. */
  void outputEnded() {
    outputsOpen--;
  }

  void exited(int code, long now) {
    exitCode = code;
    exitedAt = now;
    if (state == State.STARTING && startFailure == null) {
      startFailure = PoolFailures.end(this);
    }
    if (channel == null) {
      disconnected = true;
    }
  }

  boolean hasExited() {
    return exitCode != null;
  }

  /** Whether the process has ended and nothing more of its output will arrive. */
  boolean hasEnded(long now, long patience) {
    return exitCode != null && disconnected && (outputsOpen <= 0 || now - exitedAt >= patience);
  }

  long exitedAt() {
    return exitedAt;
  }

  /** The exit code; only after the process has ended. */
  int exitCode() {
    return Objects.requireNonNull(exitCode);
  }

  boolean wasKilledByPool() {
    return whyKilled != null;
  }

  /** Why the pool killed the process; null if it did not. */
  @Nullable String whyKilled() {
    return whyKilled;
  }

  /**
   * Closes what led to a worker that has ended: the connection for control, and the rendezvous, to
   * which it may never have connected.
   */
  void close() {
    if (control != null) {
      try {
        control.close();
      } catch (IOException _) {
        // It is not used again.
      }
    }
    if (expected != null) {
      expected.close();
    }
  }

  /** Removes and returns the tasks to which the worker will not reply any more. */
  List<Delivery> takeDeliveries() {
    var left = new ArrayList<>(deliveries);
    deliveries.clear();
    bytesAhead = 0;
    if (out != null) {
      out.discard();
    }
    return left;
  }

  /** How many tasks were sent ahead, and have not begun. */
  int waiting() {
    return (int)
        deliveries.stream()
            .filter(delivery -> !delivery.isRevoked() && !delivery.isClaimed())
            .count();
  }

  private String shownState() {
    return switch (state) {
      case STARTING -> "starting";
      case READY -> deliveries.isEmpty() ? "idle" : "busy";
      case RETIRING, STOPPING -> "stopping";
    };
  }

  WorkerInfo info() {
    var running = running();
    return new WorkerInfo(
        name,
        pid(),
        shownState(),
        tasksDone,
        running == null ? "" : running.task().name(),
        ResidentMemory.of(pid()));
  }

  /** As {@link #info}, for who looks from outside. */
  LivePools.Worker state(long now) {
    var running = running();
    return new LivePools.Worker(
        name,
        pid(),
        shownState(),
        running == null ? "" : running.task().name(),
        running == null ? 0 : Math.max(0, now - claims().claimedAt(running.number())));
  }
}

package dev.segue.cluster;

import dev.segue.cluster.ClusterTask.Place;
import java.io.Serial;
import java.util.List;
import org.apache.spark.Partition;
import org.jspecify.annotations.Nullable;

/**
 * What one task of Spark's runs: one task, or several. Spark serializes it anew for each attempt,
 * and gets a {@link Shipment} of what is wanted then. Guarded by the pool's lock.
 */
@SuppressWarnings("ReferenceEquality") // a slot is itself
final class Slot implements Partition {
  static final long NEVER = Long.MAX_VALUE;

  private final SparkPool pool;
  private final SparkJob job;
  private final int index;
  private final List<ClusterTask<?>> tasks;

  /** How often Spark has serialized it. */
  private int attempts;

  /** How many attempts there had been when one last took something with it. */
  private int sentThrough;

  /** How many attempts Spark has told of that had started. */
  private int startedThrough;

  private long sentAt = NEVER;
  private long deadline = NEVER;
  private long killedAt = NEVER;
  private boolean killSent;
  private long taskId = -1;

  /** Whether Spark has told of the start of the latest attempt, and not of its end. */
  private boolean isRunning;

  /** When Spark was first seen to expect nothing of the running attempt; {@link #NEVER} if not. */
  private long unexpectedSince = NEVER;

  private boolean resultLost;
  private @Nullable ExecutorState executor;
  private @Nullable String lastFailure;
  private boolean hasEnded;

  /** What an attempt takes with it for which nothing else can be made. */
  private final Shipment nothing;

  /** Why nothing else could be made for the latest attempt; null if it could. */
  private @Nullable Throwable unsent;

  /** What came back; null until then. */
  byte @Nullable [] @Nullable [] results;

  /** The next one of those whose results have come. */
  @Nullable Slot next;

  Slot(SparkPool pool, SparkJob job, int index, List<ClusterTask<?>> tasks) {
    this.pool = pool;
    this.job = job;
    this.index = index;
    this.tasks = tasks;
    this.nothing = Shipment.ofNothing(index);
  }

  @Override
  public int index() {
    return index;
  }

  SparkJob job() {
    return job;
  }

  List<ClusterTask<?>> tasks() {
    return tasks;
  }

  /** Whether it still answers for a task. */
  boolean holds(ClusterTask<?> task) {
    return (task.place() == Place.GIVEN || task.place() == Place.SENT) && task.slot() == this;
  }

  /** Whether the next attempt is to run a task. */
  boolean wants(ClusterTask<?> task) {
    return holds(task) && !task.isDone() && !task.isInterrupted();
  }

  /** Called by Spark for each attempt, on a thread of its scheduler. */
  @Serial
  private Object writeReplace() {
    return pool.send(this);
  }

  /** Counts an attempt, which sends nothing yet. Returns whether it is the first. */
  boolean begin() {
    unsent = null;
    return attempts++ == 0;
  }

  Shipment nothing() {
    return nothing;
  }

  /** Notes that nothing can be sent, although something is wanted. */
  void unsent(Throwable why) {
    unsent = why;
  }

  /** Why the latest attempt took nothing with it although something was wanted; null if not so. */
  @Nullable Throwable whyUnsent() {
    return unsent;
  }

  void sent(long now, long timeoutNanos) {
    sentThrough = attempts;
    sentAt = now;
    deadline = timeoutNanos == NEVER ? NEVER : now + timeoutNanos;
  }

  boolean wasSent() {
    return sentThrough > 0;
  }

  long sentAt() {
    return sentAt;
  }

  /**
   * Notes that Spark has started an attempt.
   *
   * @param number the attempt's, from 0
   * @param id the id of Spark's task
   * @return the id, if the attempt is to be killed; else -1
   */
  long started(int number, long id, ExecutorState on) {
    if (number >= sentThrough) {
      return -1;
    }
    startedThrough = Math.max(startedThrough, number + 1);
    taskId = id;
    isRunning = true;
    unexpectedSince = NEVER;
    executor = on;
    if (killedAt != NEVER && !hasEnded) {
      killSent = true;
      return id;
    }
    return -1;
  }

  /**
   * Has the running attempt killed, once.
   *
   * @return the id of Spark's task; -1 if there is nothing to do, or not yet
   */
  long kill(long now) {
    if (killedAt != NEVER || hasEnded) {
      return -1;
    }
    killedAt = now;
    deadline = NEVER;
    killSent = taskId >= 0;
    return taskId;
  }

  boolean isKilled() {
    return killedAt != NEVER;
  }

  /** Whether it should have been killed long ago, and Spark has not told what to kill. */
  boolean isKillOverdue(long now, long patience) {
    return killedAt != NEVER && !killSent && now - killedAt > patience;
  }

  /**
   * Whether it should have been started long ago. Spark forgets a slot if it runs out of memory
   * after it has asked for what is to be sent.
   */
  boolean isStartOverdue(long now, long patience) {
    return startedThrough < sentThrough && now - sentAt > patience;
  }

  /** Notes that its time is up. */
  void expired() {
    deadline = NEVER;
  }

  /** When its time is up. */
  long deadline() {
    return deadline;
  }

  @Nullable ExecutorState executor() {
    return executor;
  }

  /** Why its latest attempt has failed, in Spark's words; null if none has. */
  @Nullable String lastFailure() {
    return lastFailure;
  }

  /**
   * Notes that Spark has told of the end of an attempt.
   *
   * @param why in Spark's words; null if it did not fail
   */
  void attemptEnded(long id, @Nullable String why) {
    if (id == taskId) {
      isRunning = false;
    }
    if (why != null) {
      lastFailure = why;
    }
  }

  /** Whether Spark has had the result of the running attempt for some time, and tells nothing. */
  boolean isResultLost(AwaitedResults awaited, long now, long patience) {
    if (!isRunning || hasEnded || awaited.has(taskId)) {
      unexpectedSince = NEVER;
    } else if (unexpectedSince == NEVER) {
      unexpectedSince = now;
    } else if (now - unexpectedSince > patience) {
      resultLost = true;
    }
    return resultLost;
  }

  boolean isResultLost() {
    return resultLost;
  }

  boolean hasEnded() {
    return hasEnded;
  }

  void end() {
    hasEnded = true;
  }
}

package dev.segue.cluster;

import dev.segue.futures.internal.Deadlines;
import dev.segue.futures.internal.TaskQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The jobs that Spark has, and what the next one is made of. Guarded by the pool's lock. */
final class Jobs {
  /** So many slots may be outstanding at least: enough for jobs that are worth their price. */
  private static final int MOST_SLOTS = 64;

  private static final int MOST_SLOTS_PER_CORE = 4;

  /** One that runs and one that waits: with these a core is never idle. */
  private static final int SLOTS_PER_CORE = 2;

  /** A slot with more than one task has no more bytes. */
  private static final int LARGEST_BATCH = 1 << 20;

  private final SparkPool pool;
  private final ClusterSettings settings;
  private final long maxDelayNanos;
  private final TaskQueue<ClusterTask<?>> queue;
  private final ExecutorTable executors;

  /** The slots that have not ended. */
  private final LinkedHashSet<Slot> slots = new LinkedHashSet<>();

  /** Their jobs, by number. */
  private final Map<Long, SparkJob> jobs = new LinkedHashMap<>();

  private long count;

  Jobs(
      SparkPool pool,
      ClusterSettings settings,
      TaskQueue<ClusterTask<?>> queue,
      ExecutorTable executors) {
    this.pool = pool;
    this.settings = settings;
    this.maxDelayNanos =
        Math.min(Deadlines.nanos(settings.maxDelay(), "maxDelay"), TimeUnit.DAYS.toNanos(1));
    this.queue = queue;
    this.executors = executors;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  Collection<Slot> slots() {
    return slots;
  }

  Collection<SparkJob> all() {
    return jobs.values();
  }

  /** Returns a slot of a job that has slots left; null if there is none. */
  @Nullable Slot slot(long job, int index) {
    var found = jobs.get(job);
    return found == null || index >= found.slots().size() ? null : found.slots().get(index);
  }

  /** Notes that a slot has ended. */
  void end(Slot slot) {
    slot.end();
    slots.remove(slot);
    var job = slot.job();
    if (job.slots().stream().allMatch(Slot::hasEnded)) {
      jobs.remove(job.number());
    }
  }

  /** Ends all slots. */
  void endAll() {
    slots.forEach(Slot::end);
    slots.clear();
    jobs.clear();
  }

  /** How many tasks Spark has. */
  long tasks() {
    long tasks = 0;
    for (var slot : slots) {
      for (var task : slot.tasks()) {
        tasks += slot.holds(task) ? 1 : 0;
      }
    }
    return tasks;
  }

  /** Whether an executor has, or had as the last one, a slot that has not ended. */
  boolean isAnyOn(String executor) {
    for (var slot : slots) {
      if (slot.executor() != null && slot.executor().id().equals(executor)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the executor of a slot runs nothing beside its only task. */
  boolean isAlone(Slot slot) {
    int cores = executors.largest();
    return slot.tasks().size() == 1
        && (cores == 1 || (slot.job().isAlone() && slot.job().cores() >= cores));
  }

  /** Whether a job waits for an executor with a number of cores that none has. */
  boolean waitsInVain(Slot slot) {
    int cores = executors.largest();
    return slot.job().isAlone() && !slot.wasSent() && cores > 0 && cores != slot.job().cores();
  }

  /** Whether the first task that waits may still get company. */
  private boolean waitsForOthers(long now) {
    var first = queue.first();
    return settings.maxBatch() > 1
        && !first.isApart()
        && queue.size() < settings.maxBatch()
        && now - first.submittedAt() < maxDelayNanos;
  }

  /** How long the first task that waits may still wait for others; never if none waits. */
  long delay(long now) {
    return settings.maxBatch() == 1 || queue.isEmpty()
        ? Slot.NEVER
        : queue.first().submittedAt() + maxDelayNanos - now;
  }

  /**
   * Takes tasks from the queue for a job.
   *
   * @param hurry whether none may wait for others any more
   * @return the job; null if none is to be made now
   */
  @Nullable SparkJob next(long now, boolean hurry) {
    int most = settings.slots() > 0 ? settings.slots() : mostSlots();
    int each = tasksPerSlot();
    if (queue.isEmpty()
        || !isTimeForMore(most, each)
        || isAnyWaitingForWholeExecutor()
        || (!hurry && waitsForOthers(now))) {
      return null;
    }
    var first = queue.first();
    var job = new SparkJob(++count, first.isAlone(), first.isAlone() ? executors.largest() : 1);
    var made = new ArrayList<Slot>();
    var waiting = new ArrayDeque<ClusterTask<?>>();
    queue.all().stream().limit((long) each * (most - slots.size())).forEach(waiting::add);
    do {
      made.add(new Slot(pool, job, made.size(), takeTasks(waiting, each)));
    } while (slots.size() + made.size() < most
        && !hasJobOfItsOwn(first)
        && !waiting.isEmpty()
        && !hasJobOfItsOwn(waiting.getFirst()));
    job.setSlots(List.copyOf(made));
    start(job);
    return job;
  }

  /** Takes the tasks of a job out of the queue, once nothing can fail any more. */
  private void start(SparkJob job) {
    var made = job.slots();
    try {
      slots.addAll(made);
      jobs.put(job.number(), job);
    } catch (Throwable t) { // for want of memory
      for (int i = 0; i < made.size(); i++) {
        slots.remove(made.get(i));
      }
      throw t;
    }
    for (int i = 0; i < made.size(); i++) {
      var tasks = made.get(i).tasks();
      for (int j = 0; j < tasks.size(); j++) {
        queue.removeFirst().given(made.get(i));
      }
    }
  }

  private int mostSlots() {
    return Math.max(MOST_SLOTS, MOST_SLOTS_PER_CORE * cores());
  }

  private int cores() {
    return Math.max(2, executors.cores());
  }

  /**
   * Whether Spark is to get another job: if a core may soon be idle, or if the tasks that wait fill
   * a job of many slots. A job costs Spark as much as ten slots.
   */
  private boolean isTimeForMore(int most, int each) {
    int free = most - slots.size();
    boolean isAnyCoreSoonIdle = slots.size() < SLOTS_PER_CORE * cores();
    return free > 0 && (isAnyCoreSoonIdle || (free >= most / 2 && queue.size() / each >= free));
  }

  /**
   * Whether a slot waits for an executor of its own, which comes only if nothing else is started.
   */
  private boolean isAnyWaitingForWholeExecutor() {
    for (var slot : slots) {
      if (slot.job().isAlone() && !slot.wasSent()) {
        return true;
      }
    }
    return false;
  }

  /** How many tasks a slot gets: so few that every core has one. */
  private int tasksPerSlot() {
    int cores = cores();
    return Math.clamp((queue.size() + cores - 1) / cores, 1, settings.maxBatch());
  }

  private static List<ClusterTask<?>> takeTasks(ArrayDeque<ClusterTask<?>> waiting, int most) {
    var first = waiting.removeFirst();
    if (most == 1 || first.isApart()) {
      return List.of(first);
    }
    var taken = new ArrayList<ClusterTask<?>>();
    taken.add(first);
    long bytes = first.length();
    while (taken.size() < most && !waiting.isEmpty()) {
      var next = waiting.getFirst();
      bytes += next.length();
      if (next.isApart() || bytes > LARGEST_BATCH) {
        break;
      }
      taken.add(waiting.removeFirst());
    }
    return taken;
  }

  /** Whether a task must not be started again because of another one of its job. */
  private static boolean hasJobOfItsOwn(ClusterTask<?> task) {
    return task.isAlone() || task.limitsRetries();
  }
}

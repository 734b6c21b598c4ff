package dev.segue.inspect;

import dev.segue.EventLoop;
import dev.segue.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The readings and writings of fields, in one order, as far as they are needed to find updates that
 * were lost: of each field the last writing, and of each task and thread its last reading since it
 * wrote the field itself. Any thread.
 *
 * <p>What is kept is bounded; what was used longest ago goes first.
 */
final class AccessLog {
  private static final int MOST_FIELDS = 4_096;
  private static final int MOST_READERS = 256;
  private static final int MOST_FOUND = 256;

  private static final VarHandle BUSY;

  static {
    try {
      BUSY = MethodHandles.lookup().findVarHandle(AccessLog.class, "busy", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long origin; // of the recorder's times

  /** Not a lock of the JDK's: in a task, waiting for one would let other tasks run. */
  @SuppressWarnings("UnusedVariable") // BUSY
  private volatile boolean busy;

  // Guarded by busy.
  private long count;
  private final Map<Place, Uses> fields = new Latest<>(MOST_FIELDS);
  private final Map<List<String>, Found> found = new LinkedHashMap<>();

  AccessLog(long origin) {
    this.origin = origin;
  }

  /** A field of an object, which it does not keep from being collected. */
  private static final class Place extends WeakReference<Object> {
    private final String field;
    private final int hash;

    Place(@Nullable Object owner, String field) {
      super(owner == null ? AccessLog.class : owner);
      this.field = field;
      this.hash = System.identityHashCode(owner) + 31 * field.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      var owner = get();
      return other instanceof Place place
          && owner != null
          && place.refersTo(owner)
          && place.field.equals(field);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** A map of the entries that were used last. */
  private static final class Latest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    private final int most;

    Latest(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }

  private record Use(
      long order,
      long at,
      String who,
      long thread,
      @Nullable EventLoop loop,
      long task,
      String where) {}

  /** What is known of a field. */
  private static final class Uses {
    final Map<Long, Use> readings = new Latest<>(MOST_READERS);
    @Nullable Use lastWriting;
  }

  private record Found(String field, Use read, Use overwritten, Use write, int count) {}

  // --- what it is told. If memory or the stack runs out, the program is told at this place.

  void read(@Nullable Object owner, String field, String where) {
    var place = new Place(owner, field);
    var task = Recorder.currentTask();
    begin();
    try {
      var use = use(task, where);
      uses(place).readings.put(use.thread, use);
    } finally {
      busy = false;
    }
  }

  void write(@Nullable Object owner, String field, String where, boolean constant) {
    var place = new Place(owner, field);
    var task = Recorder.currentTask();
    begin();
    try {
      var use = use(task, where);
      var uses = uses(place);
      var read = uses.readings.remove(use.thread);
      var last = uses.lastWriting;
      uses.lastWriting = use;
      if (read != null
          && last != null
          && last.order > read.order
          && !(constant && !FieldWeaver.isSameMethod(read.where, where))) {
        add(field, read, last, use);
      }
    } finally {
      busy = false;
    }
  }

  private Uses uses(Place place) {
    var uses = fields.get(place);
    if (uses == null) {
      uses = new Uses();
      fields.put(place, uses);
    }
    return uses;
  }

  private Use use(@Nullable Task<?> task, String where) {
    var thread = Thread.currentThread();
    long at = System.nanoTime() - origin;
    return task == null
        ? new Use(++count, at, thread.getName(), thread.threadId(), null, 0, where)
        : new Use(++count, at, task.name(), thread.threadId(), task.loop(), task.id(), where);
  }

  private void add(String field, Use read, Use overwritten, Use write) {
    var lines = List.of(field, read.where, overwritten.where, write.where);
    var first = found.get(lines);
    if (first != null) {
      found.put(
          lines, new Found(field, first.read, first.overwritten, first.write, first.count + 1));
    } else if (found.size() < MOST_FOUND) {
      found.put(lines, new Found(field, read, overwritten, write, 1));
    }
  }

  private void begin() {
    while (!BUSY.compareAndSet(this, false, true)) {
      Thread.onSpinWait(); // it is never held for long
    }
  }

  // --- from outside

  /** What was found so far, given the index of each loop. */
  List<LostUpdate> lostUpdates(ToIntFunction<@Nullable EventLoop> indexOf) {
    List<Found> all;
    begin();
    try {
      all = List.copyOf(found.values());
    } finally {
      busy = false;
    }
    return all.stream().map(each -> lostUpdate(each, indexOf)).toList();
  }

  private static LostUpdate lostUpdate(Found found, ToIntFunction<@Nullable EventLoop> indexOf) {
    return new LostUpdate(
        name(found.field),
        access(found.read, indexOf),
        access(found.overwritten, indexOf),
        access(found.write, indexOf),
        found.count);
  }

  /** As {@code Account.balance} of {@code bank.Bank$Account.balance}. */
  private static String name(String field) {
    int dot = field.lastIndexOf('.');
    int from = Math.max(field.lastIndexOf('.', dot - 1), field.lastIndexOf('$', dot - 1));
    return field.substring(from + 1);
  }

  private static Access access(Use use, ToIntFunction<@Nullable EventLoop> indexOf) {
    int loop = indexOf.applyAsInt(use.loop);
    var where = FieldWeaver.where(use.where);
    return new Access(use.at, use.who, use.thread, loop, loop < 0 ? 0 : use.task, where);
  }
}

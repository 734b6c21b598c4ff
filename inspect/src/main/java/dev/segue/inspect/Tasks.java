package dev.segue.inspect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one loop: for each a row of numbers. Written by the loop; any thread may copy it
 * meanwhile.
 *
 * <p>Rows of live tasks are found by the task's id. The row of a task that has ended is kept until
 * so many others have ended that it is needed again.
 */
final class Tasks {
  /** A column of a row. Times are in nanoseconds from the recorder's beginning. */
  enum Column {
    ID,
    PARENT,
    CREATED,
    /** An ordinal of {@link State}; {@link #NO_STATE} before the first. */
    STATE,
    /** Since when it is in that state; when it ended. */
    SINCE,
    /** An ordinal of {@link Ending}. */
    ENDING,
    STEPS,
    /** The sums of the times in each state, in the order of {@link State}. */
    READY,
    RUNNING,
    WAITING,
    LONGEST_STEP,
    /** How often it let the others run. */
    YIELDS,
    /** How long its last wait was; 0 if it let the others run since. */
    LAST_WAIT,
    /** How long the wait was of which the line is known. */
    LOCATED_WAIT;

    static final int COUNT = values().length;
  }

  /** A line of code that is known of a task. */
  enum Line {
    /** Where it was created. */
    CREATED,
    /** Where it waited. */
    WAITED,
    /** Where it let the others run. */
    YIELDED;

    static final int COUNT = values().length;
  }

  static final int NONE = -1;
  static final int NO_STATE = -1;

  private static final int FIRST_SUM = Column.READY.ordinal();
  private static final int RUNNING = State.RUNNING.ordinal();
  private static final int WAITING = State.WAITING.ordinal();

  private static final int TRIES = 100;
  private static final VarHandle VERSION;

  static {
    try {
      VERSION = MethodHandles.lookup().findVarHandle(Tasks.class, "version", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long version; // odd while a row is added or freed

  private long[] rows = new long[16 * Column.COUNT];
  private @Nullable String[] names = new String[16];
  private @Nullable StackTraceElement[] lines = new StackTraceElement[16 * Line.COUNT];
  private int used; // rows that have ever been

  private int[] free = new int[16];
  private int freeCount;

  private int[] index = new int[32]; // of live tasks by id, open addressing: a row and one, or 0

  private final int[] ended; // a ring of rows
  private long endedCount;

  /** Makes one that keeps this many tasks that have ended. */
  Tasks(int kept) {
    ended = new int[kept];
  }

  /** Adds a row of zeros, but for the id and the state, which is none. */
  int add(long id, String name) {
    int row = freeCount > 0 ? free[--freeCount] : newRow();
    beginChange();
    Arrays.fill(rows, row * Column.COUNT, (row + 1) * Column.COUNT, 0);
    set(row, Column.ID, id);
    set(row, Column.STATE, NO_STATE);
    names[row] = name;
    endChange();
    index(row);
    return row;
  }

  private int newRow() {
    if (used == names.length) {
      beginChange();
      rows = Arrays.copyOf(rows, 2 * rows.length);
      names = Arrays.copyOf(names, 2 * names.length);
      lines = Arrays.copyOf(lines, 2 * lines.length);
      endChange();
    }
    return used++;
  }

  /** Notes that a task has ended. */
  void end(int row, Ending how) {
    set(row, Column.ENDING, how.ordinal());
    leave(row);
    int at = (int) (endedCount++ % ended.length);
    if (endedCount > ended.length) {
      free(ended[at]);
    }
    ended[at] = row;
  }

  private void free(int row) {
    beginChange();
    set(row, Column.ID, 0);
    names[row] = null;
    Arrays.fill(lines, row * Line.COUNT, (row + 1) * Line.COUNT, null);
    endChange();
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = row;
  }

  private void beginChange() {
    VERSION.setOpaque(this, version + 1);
    VarHandle.releaseFence();
  }

  private void endChange() {
    VERSION.setRelease(this, version + 1);
  }

  // --- the index

  /** The row of a live task; {@link #NONE} if there is none. */
  int find(long id) {
    for (int at = home(id); index[at] != 0; at = next(at)) {
      int row = index[at] - 1;
      if (get(row, Column.ID) == id) {
        return row;
      }
    }
    return NONE;
  }

  private void index(int row) {
    if (2 * (used - freeCount) > index.length) {
      var before = index;
      index = new int[2 * before.length];
      for (int entry : before) {
        if (entry != 0) {
          put(entry - 1);
        }
      }
    }
    put(row);
  }

  private void put(int row) {
    int at = home(get(row, Column.ID));
    while (index[at] != 0) {
      at = next(at);
    }
    index[at] = row + 1;
  }

  private void leave(int row) {
    int hole = home(get(row, Column.ID));
    while (index[hole] != row + 1) {
      hole = next(hole);
    }
    for (int at = next(hole); index[at] != 0; at = next(at)) {
      // What the hole would cut off from its home moves into it.
      int home = home(get(index[at] - 1, Column.ID));
      if (distance(home, at) >= distance(hole, at)) {
        index[hole] = index[at];
        hole = at;
      }
    }
    index[hole] = 0;
  }

  /** Ids are given in sequence, so the low bits spread them. */
  private int home(long id) {
    return (int) id & (index.length - 1);
  }

  private int next(int at) {
    return (at + 1) & (index.length - 1);
  }

  private int distance(int from, int to) {
    return (to - from) & (index.length - 1);
  }

  // --- a row

  long get(int row, Column column) {
    return rows[row * Column.COUNT + column.ordinal()];
  }

  void set(int row, Column column, long value) {
    rows[row * Column.COUNT + column.ordinal()] = value;
  }

  void add(int row, Column column, long value) {
    rows[row * Column.COUNT + column.ordinal()] += value;
  }

  /** Puts the time in the state that ends to its sum, and begins another one, by its ordinal. */
  void enter(int row, int state, long now) {
    // One index for all columns: this is done twice for each switch from task to task.
    int at = row * Column.COUNT;
    var all = rows;
    long before = all[at + Column.STATE.ordinal()];
    if (before == NO_STATE) {
      all[at + Column.CREATED.ordinal()] = now;
    } else {
      long spent = now - all[at + Column.SINCE.ordinal()];
      all[at + FIRST_SUM + (int) before] += spent;
      int longest = at + Column.LONGEST_STEP.ordinal();
      if (before == RUNNING && spent > all[longest]) {
        all[longest] = spent;
      }
      if (before == WAITING) {
        all[at + Column.LAST_WAIT.ordinal()] = spent;
      }
    }
    all[at + Column.STATE.ordinal()] = state;
    all[at + Column.SINCE.ordinal()] = now;
  }

  void set(int row, Line line, @Nullable StackTraceElement frame) {
    lines[row * Line.COUNT + line.ordinal()] = frame;
  }

  // --- from outside

  /**
   * The rows at one time.
   *
   * @param lost how many tasks have ended and are not among them any more
   */
  record Copy(
      long[] rows, @Nullable String[] names, @Nullable StackTraceElement[] lines, long lost) {
    int size() {
      return names.length;
    }

    long get(int row, Column column) {
      return rows[row * Column.COUNT + column.ordinal()];
    }

    @Nullable StackTraceElement get(int row, Line line) {
      return lines[row * Line.COUNT + line.ordinal()];
    }
  }

  /**
   * Copies all rows. Any thread. If rows come and go faster than they can be copied, a few may have
   * a part of another task's numbers.
   */
  Copy copy() {
    Copy copy;
    int tries = 0;
    long before;
    do {
      before = (long) VERSION.getAcquire(this);
      copy = tryCopy();
      VarHandle.acquireFence();
    } while (((before & 1) != 0 || before != (long) VERSION.getOpaque(this)) && ++tries < TRIES);
    return copy;
  }

  private Copy tryCopy() {
    var someNames = names;
    var someRows = rows;
    var someLines = lines;
    int count =
        Math.min(
            Math.min(used, someLines.length / Line.COUNT),
            Math.min(someNames.length, someRows.length / Column.COUNT));
    return new Copy(
        Arrays.copyOf(someRows, count * Column.COUNT),
        Arrays.copyOf(someNames, count),
        Arrays.copyOf(someLines, count * Line.COUNT),
        Math.max(0, endedCount - ended.length));
  }
}

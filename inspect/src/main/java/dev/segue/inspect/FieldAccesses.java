package dev.segue.inspect;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What classes call that {@link Recorder#watched} has changed, before they write a field and after
 * they have read one. Nothing else needs it.
 */
public final class FieldAccesses {
  /** Those of recorders that somebody still has. */
  private static final List<WeakReference<AccessLog>> LOGS = new CopyOnWriteArrayList<>();

  private FieldAccesses() {}

  /** Has a log be told from now on, if it is not yet. */
  static synchronized void tell(AccessLog log) {
    LOGS.removeIf(each -> each.refersTo(null));
    if (LOGS.stream().noneMatch(each -> each.refersTo(log))) {
      LOGS.add(new WeakReference<>(log));
    }
  }

  /**
   * Notes that a field has been read.
   *
   * @param owner the object; null for a static field
   * @param field the field's class and name
   * @param where the class, the method, the line and the file
   */
  public static void read(@Nullable Object owner, String field, String where) {
    for (var each : LOGS) {
      var log = each.get();
      if (log != null) {
        log.read(owner, field, where);
      }
    }
  }

  /**
   * Notes that a field is about to be written.
   *
   * @param owner the object; null for a static field
   * @param field the field's class and name
   * @param where the class, the method, the line and the file
   * @param constant whether what is written does not depend on anything
   */
  public static void write(@Nullable Object owner, String field, String where, boolean constant) {
    for (var each : LOGS) {
      var log = each.get();
      if (log != null) {
        log.write(owner, field, where, constant);
      }
    }
  }
}

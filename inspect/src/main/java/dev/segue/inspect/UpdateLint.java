package dev.segue.inspect;

import dev.segue.inspect.LoopFacts.Weighed;

/** The lint of updates that were lost. */
final class UpdateLint {
  /** Just below that of deadlocks: it is certain, too. */
  private static final long WEIGHT = Long.MAX_VALUE - 1;

  private UpdateLint() {}

  static Weighed finding(LostUpdate update) {
    var read = update.read();
    var lost = update.overwritten();
    var write = update.write();
    var title =
        "The update of %s by '%s' was lost%s: '%s' overwrote it (%s)."
            .formatted(
                update.field(),
                lost.who(),
                update.count() == 1 ? "" : ", as were " + (update.count() - 1) + " more like it",
                write.who(),
                Frames.text(write.where()));
    var advice =
        "'%s' read the old value (%s) %s before that update (%s), and %s after it wrote a value based on the old one. %s"
            .formatted(
                write.who(),
                Frames.text(read.where()),
                text(lost.at() - read.at()),
                Frames.text(lost.where()),
                text(write.at() - lost.at()),
                remedy(update));
    boolean ofTask = write.loop() >= 0;
    return new Weighed(
        WEIGHT,
        new Finding(
            Lint.LOST_UPDATE,
            title,
            advice,
            write.loop(),
            ofTask ? write.task() : write.thread(),
            read.at(),
            write.at(),
            write.where()));
  }

  private static String remedy(LostUpdate update) {
    boolean onOneLoop =
        update.write().loop() >= 0 && update.write().loop() == update.overwritten().loop();
    return onOneLoop
        ? "On an event loop, do not wait between reading and writing; or hold an AsyncLock during"
            + " both."
        : "Hold a lock from the read to the write; or use an AtomicInteger, or the compute method of a"
            + " ConcurrentHashMap.";
  }

  private static String text(long nanos) {
    return nanos >= 100_000 ? LoopFacts.text(nanos) : Math.round(nanos / 1e3) + " µs";
  }
}

package dev.segue.compare;

import java.io.Serializable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong under a model, or that is not as it should be.
 *
 * @param model under which
 * @param kind what
 * @param text a sentence or two, with figures, and what to do
 * @param at where in the code, as {@code MyJob.work(MyJob.java:12)}; null if that is not known
 */
public record Finding(Model model, Kind kind, String text, @Nullable String at)
    implements Serializable {
  /** What can be found, the worst first. */
  public enum Kind {
    /** Results, or what was left behind, differ from those of one job after the other. */
    WRONG_RESULT(true),
    /** A job threw. */
    JOB_FAILED(true),
    /** A job ended its JVM. */
    JVM_ENDED(true),
    /** A job filled the heap. */
    OUT_OF_MEMORY(true),
    /** A job did not end in the time it had, and was stopped. */
    TIMED_OUT(true),
    /** A job did not end in the time it had, and only the end of its JVM could stop it. */
    UNSTOPPABLE(true),
    /** A job, its argument or its result cannot travel to a process. */
    NOT_SERIALIZABLE(true),
    /** A job held the event loop. */
    STALL(false),
    /** Results vary by themselves, or cannot be compared: nobody knows if they are right. */
    NOT_COMPARED(false),
    /** The memory grows from one repetition to the next. */
    MEMORY_GROWS(false),
    /** Times still changed from one repetition to the next. */
    NOT_STEADY(false);

    private final boolean wrong;

    Kind(boolean wrong) {
      this.wrong = wrong;
    }

    /**
     * Tells whether the model is out: its times mean nothing.
     *
     * @return true if so
     */
    public boolean isWrong() {
      return wrong;
    }

    /**
     * Returns its name in files.
     *
     * @return such as {@code wrong-result}
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}

package dev.segue;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The current task, or a scope it is in, is being cancelled; the wait that throws this has not
 * happened.
 *
 * <p>It is meant to be let through: use {@code finally} to clean up, and let it leave the body.
 * Once a scope is cancelled, every Segue wait inside throws this until the scope is left, so a
 * caught {@code Cancelled} comes again at the next wait ({@link Async#shield} keeps it out of a
 * clean-up that has to wait). It never means that <em>what was waited for</em> was cancelled: that
 * is a plain {@link CancellationException}. The rules are those of trio's {@code Cancelled}.
 */
public final class Cancelled extends CancellationException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable CancelRequest request;

  Cancelled(CancelRequest request) {
    super(request.reason());
    this.request = request;
  }

  Cancelled(CancelRequest request, Throwable cause) {
    this(request);
    initCause(cause);
  }

  @Nullable CancelRequest request() {
    return request;
  }

  /**
   * Returns why: the reason given to the cancel, or one that names who cancelled.
   *
   * @return the reason
   */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /**
   * Returns the scope that was cancelled.
   *
   * @return the scope, or null where the task itself or the whole loop was cancelled
   */
  public @Nullable CancelScope scope() {
    return request != null && request.source() instanceof CancelScope scope ? scope : null;
  }

  /**
   * Returns where the cancel was asked for.
   *
   * @return the stack of the call that cancelled, innermost frame first; empty for a deadline,
   *     which no code calls, and for an interrupt from outside
   */
  public StackTraceElement[] cancelledAt() {
    return request == null ? new StackTraceElement[0] : request.where();
  }
}

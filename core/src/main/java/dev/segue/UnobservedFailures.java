package dev.segue;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a loop's tasks that nothing has retrieved: each reaches the exception handler
 * when its task can no longer be reached, or when the loop ends.
 */
@LoopConfined
final class UnobservedFailures {
  /**
   * One failure; holds all that the handler is given but the task, which it must not keep alive.
   */
  static final class Watched extends PhantomReference<Task<?>> {
    private final Kernel kernel;
    private final long id;
    private final @Nullable String name;
    private final Throwable cause;
    private final @Nullable Throwable creation;
    private volatile boolean observed;

    private Watched(Task<?> task, Throwable cause, ReferenceQueue<Task<?>> queue) {
      super(task, queue);
      this.kernel = task.kernel();
      this.id = task.id();
      this.name = task.givenName();
      this.cause = cause;
      this.creation = task.creation();
    }

    void observe() {
      observed = true;
    }
  }

  private final BiConsumer<Task<?>, Throwable> handler;
  private final ReferenceQueue<Task<?>> unreachable = new ReferenceQueue<>();
  private final Set<Watched> watched = Collections.newSetFromMap(new IdentityHashMap<>());

  private @Nullable Thread handlerThread;

  UnobservedFailures(@Nullable BiConsumer<Task<?>, Throwable> handler) {
    this.handler = handler == null ? UnobservedFailures::log : handler;
  }

  Watched watch(Task<?> task, Throwable cause) {
    var entry = new Watched(task, cause, unreachable);
    watched.add(entry);
    return entry;
  }

  void forget(Watched entry) {
    watched.remove(entry);
  }

  /** Reports those whose tasks are gone. */
  void reportUnreachable() {
    if (watched.isEmpty()) {
      return;
    }
    for (var gone = unreachable.poll(); gone != null; gone = unreachable.poll()) {
      var entry = (Watched) gone;
      if (watched.remove(entry)) {
        report(entry);
      }
    }
  }

  /** Reports all that are left. */
  void reportAll() {
    if (watched.isEmpty()) {
      return;
    }
    var left = new ArrayList<>(watched);
    left.sort((a, b) -> Long.compare(a.id, b.id));
    watched.clear();
    left.forEach(this::report);
  }

  private void report(Watched entry) {
    if (entry.observed) {
      return;
    }
    Task<?> standIn;
    try {
      standIn = standIn(entry);
    } catch (Throwable thrown) { // no memory, say
      Log.error("a task failed, and the exception handler could not be told", entry.cause);
      return;
    }
    report(standIn, entry.cause);
  }

  private static Task<?> standIn(Watched entry) {
    var kernel = entry.kernel;
    Callable<@Nullable Object> noBody = () -> null;
    var standIn =
        kernel
            .engine()
            .newTask(new TaskSpec<>(kernel, entry.id, entry.name, entry.creation, noBody, false));
    standIn.fail(entry.cause);
    return standIn;
  }

  /** Gives one failure to the handler. */
  void report(Task<?> task, Throwable cause) {
    task.kernel().instruments().unobserved(task, cause);
    handlerThread = Thread.currentThread();
    try {
      handler.accept(task, cause);
    } catch (Throwable thrown) {
      Log.error("the exception handler of loop '" + task.loop().name() + "' threw", thrown);
      log(task, cause);
    } finally {
      handlerThread = null;
    }
  }

  /** The thread that is in the handler, if one is. */
  @Nullable Thread handlerThread() {
    return handlerThread;
  }

  private static void log(Task<?> task, Throwable cause) {
    boolean isItsEnd =
        task.outcomeNow() instanceof Outcome.Failure<?>(var failure) && failure == cause;
    if (task.creation() != null) {
      cause = task.completionException(cause);
    }
    Log.error(
        "task '"
            + task.name()
            + "' of loop '"
            + task.loop().name()
            + (isItsEnd
                ? "' failed, and nothing waited for it"
                : "' left this exception behind, which nothing else reports"),
        cause);
  }
}

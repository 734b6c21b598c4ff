package dev.segue.testing;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs a body again and again, each time in a loop of its own, which the calling thread serves. */
final class Runner {
  private final Action<?> body;
  private final Limits limits;
  private final Set<String> remarks = new LinkedHashSet<>();
  private boolean othersSeen;
  private volatile boolean stopped;

  Runner(Action<?> body, Limits limits) {
    this.body = body;
    this.limits = limits;
  }

  /** Has the run that goes on end, and all after it. Any thread. */
  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Whether other threads have had a part in any run. */
  boolean othersSeen() {
    return othersSeen;
  }

  void haveSeenOthers() {
    othersSeen = true;
  }

  /** Notes what was seen that is not under control. */
  void remark(String remark) {
    remarks.add(remark);
  }

  Set<String> remarks() {
    return remarks;
  }

  /** Runs the body once. */
  Run run(Chooser chooser, @Nullable Recording recording) {
    var simulation = new Simulation(limits, chooser, recording, this);
    var unobserved = new ArrayList<Throwable>();
    var loop =
        EventLoop.builder()
            .name("explored")
            .clock(simulation)
            .schedule(simulation)
            .instrument(simulation)
            .stallThreshold(Duration.ZERO)
            .exceptionHandler((_, failure) -> unobserved.add(failure))
            .build();
    try {
      loop.runHere(() -> {
        runBody();
        if (limits.leftBehind()) {
          refuseLeftovers();
        }
      });
    } catch (Throwable thrown) {
      return Run.failed(simulation, recording, thrown);
    }
    return unobserved.isEmpty()
        ? new Run(simulation, recording, null, null)
        : new Run(simulation, recording, Interleaving.Kind.UNOBSERVED, unobserved.getFirst());
  }

  private void runBody() throws Exception {
    try {
      body.run();
    } catch (Exception | Error thrown) {
      throw thrown;
    } catch (Throwable thrown) { // a Throwable of the user's own
      throw new CompletionException(thrown);
    }
  }

  private static void refuseLeftovers() {
    var left =
        Async.allTasks().stream()
            .filter(task -> !task.equals(Async.currentTask()))
            .map(Task::name)
            .sorted()
            .toList();
    if (!left.isEmpty()) {
      throw new LeftBehind(
          left.stream()
              .collect(
                  Collectors.joining("', '", "the body has ended, and has left behind '", "'")));
    }
  }

  /** The body has ended before its tasks. */
  static final class LeftBehind extends RuntimeException {
    private static final long serialVersionUID = 1;

    LeftBehind(String message) {
      super(message, null, false, false);
    }
  }
}

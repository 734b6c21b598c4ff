package dev.segue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What threads share with a loop behaves as if their calls came one after another: Lincheck tries
 * the interleavings of random calls, and compares what they return with a model that no two threads
 * enter at once.
 *
 * <p>{@link PlantedFaultsTest} shows that it would find a fault.
 */
class LinearizabilityTest {
  private static final int ITERATIONS = Integer.getInteger("segue.iterations", 20);
  private static final int INVOCATIONS = Integer.getInteger("segue.invocations", 500);

  private static ModelCheckingOptions threads(int threads, int callsEach) {
    return new ModelCheckingOptions()
        .threads(threads)
        .actorsPerThread(callsEach)
        .iterations(ITERATIONS)
        .invocationsPerIteration(INVOCATIONS);
  }

  // --- what arrives at a loop

  /** Threads push; one, the loop, takes. */
  public static class ArrivalsCalls {
    private final Arrivals arrivals = new Arrivals();
    private final List<Integer> handled = new ArrayList<>();

    @Operation
    public String push(@Param(gen = IntGen.class, conf = "1:9") int number) {
      return arrivals
          .push(
              new Arrivals.Arrival() {
                @Override
                void arrive() {
                  handled.add(number);
                }
              })
          .name();
    }

    @Operation(nonParallelGroup = "loop")
    public List<Integer> drain() {
      handled.clear();
      arrivals.drain();
      return List.copyOf(handled);
    }

    @Operation(nonParallelGroup = "loop")
    public List<Integer> close() {
      handled.clear();
      arrivals.close();
      return List.copyOf(handled);
    }

    @Operation(nonParallelGroup = "loop")
    public boolean closeIfEmpty() {
      return arrivals.closeIfEmpty();
    }

    @Operation(nonParallelGroup = "loop")
    public boolean isEmpty() {
      return arrivals.isEmpty();
    }
  }

  /** A list, and whether it is closed. */
  public static class ArrivalsModel {
    private final List<Integer> here = new ArrayList<>();
    private boolean closed;

    public String push(int number) {
      if (closed) {
        return "REFUSED";
      }
      here.add(number);
      return here.size() == 1 ? "FIRST" : "BEHIND";
    }

    public List<Integer> drain() {
      var all = List.copyOf(here);
      here.clear();
      return all;
    }

    public List<Integer> close() {
      closed = true;
      return drain();
    }

    public boolean closeIfEmpty() {
      closed |= here.isEmpty();
      return closed;
    }

    public boolean isEmpty() {
      return here.isEmpty();
    }
  }

  @Test
  void arrivalsAreAListThatOneTakesFromAndCloses() {
    threads(2, 3)
        .sequentialSpecification(ArrivalsModel.class)
        .check(ArrivalsCalls.class);
  }

  @Test
  void arrivalsOfThreeThreadsAreOneList() {
    threads(3, 2)
        .sequentialSpecification(ArrivalsModel.class)
        .check(ArrivalsCalls.class);
  }

  // --- whether a task begins

  /** Threads cancel a task without interrupt; the loop has it begin. */
  public static class StartCalls {
    private final Task<Object> task = InlineEngine.newKernel().newTask(null, () -> "ran");

    @Operation
    public boolean cancel() {
      return task.cancel(false);
    }

    @Operation(nonParallelGroup = "loop", runOnce = true)
    public String run() {
      task.runBody();
      return task.state().name();
    }
  }

  /** Whether it has begun, been prevented from it, or ended. */
  public static class StartModel {
    private boolean prevented;
    private boolean ended;

    public boolean cancel() {
      prevented |= !ended;
      return !ended;
    }

    public String run() {
      ended = true;
      return prevented ? "CANCELLED" : "SUCCESS";
    }
  }

  @Test
  void aTaskEitherBeginsOrIsCancelledBefore() {
    threads(3, 2).sequentialSpecification(StartModel.class).check(StartCalls.class);
  }

  // --- why a node is cancelled

  /** Threads ask for a cancel, each with a reason. */
  public static class RequestCalls {
    private final CancelNode node =
        new CancelNode() {
          @Override
          @Nullable Task<?> owner() {
            return null;
          }
        };

    @Operation
    public boolean offer(@Param(gen = IntGen.class, conf = "1:9") int reason) {
      return node.offerRequest(new CancelRequest(node, String.valueOf(reason), null));
    }

    @Operation
    public @Nullable String reason() {
      var request = node.request();
      return request == null ? null : request.reason();
    }
  }

  /** The first reason stays. */
  public static class RequestModel {
    private @Nullable String reason;

    public boolean offer(int offered) {
      boolean first = reason == null;
      reason = first ? String.valueOf(offered) : reason;
      return first;
    }

    public @Nullable String reason() {
      return reason;
    }
  }

  @Test
  void theFirstReasonOfACancelStays() {
    threads(3, 2).sequentialSpecification(RequestModel.class).check(RequestCalls.class);
  }

  // --- who is told of a task's end

  /** Threads ask for the future of a task's end, while the loop ends it. */
  public static class EndCalls {
    private final Task<Object> task = InlineEngine.newKernel().newTask(null, () -> "ran");
    private final Queue<Future<?>> given = new ConcurrentLinkedQueue<>();

    @Operation
    public boolean hasEnded() {
      var future = task.endedFuture();
      given.add(future);
      return future.isDone();
    }

    @Operation
    public boolean isDone() {
      return task.isDone();
    }

    @Operation(nonParallelGroup = "loop", runOnce = true)
    public void run() {
      task.runBody();
    }

    @Validate
    public void allAreTold() {
      for (var future : given) {
        if (task.isDone() && !future.isDone()) {
          throw new IllegalStateException("one that waits for the end is never told");
        }
      }
    }
  }

  /** Whether it has ended. */
  public static class EndModel {
    private boolean ended;

    public boolean hasEnded() {
      return ended;
    }

    public boolean isDone() {
      return ended;
    }

    public void run() {
      ended = true;
    }
  }

  @Test
  void whoeverAsksForTheEndIsTold() {
    threads(3, 2).sequentialSpecification(EndModel.class).check(EndCalls.class);
  }
}

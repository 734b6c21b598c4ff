package dev.segue;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * What arrives at a loop behaves as if the calls came one after another: Lincheck tries the
 * interleavings of random calls, and compares what they return with a model that no two threads
 * enter at once.
 *
 * <p>{@link PlantedFaultsTest} shows that it would find a fault.
 */
class InboxLinearizabilityTest {
  private static final int ITERATIONS = Integer.getInteger("segue.iterations", 20);
  private static final int INVOCATIONS = Integer.getInteger("segue.invocations", 500);

  private static ModelCheckingOptions threads(int threads, int callsEach) {
    return new ModelCheckingOptions()
        .threads(threads)
        .actorsPerThread(callsEach)
        .iterations(ITERATIONS)
        .invocationsPerIteration(INVOCATIONS);
  }

  /** Threads push; one, the loop, takes. */
  public static class Calls {
    private final Inbox inbox = new Inbox();
    private final List<Integer> handled = new ArrayList<>();

    @Operation
    public String push(@Param(gen = IntGen.class, conf = "1:9") int number) {
      return inbox
          .push(
              new Inbox.Message() {
                @Override
                void receive() {
                  handled.add(number);
                }
              })
          .name();
    }

    @Operation(nonParallelGroup = "loop")
    public List<Integer> drain() {
      handled.clear();
      inbox.drain(Integer.MAX_VALUE);
      return List.copyOf(handled);
    }

    @Operation(nonParallelGroup = "loop")
    public List<Integer> close() {
      handled.clear();
      inbox.refuse(Inbox.Message::receive);
      return List.copyOf(handled);
    }

    @Operation(nonParallelGroup = "loop")
    public boolean closeIfEmpty() {
      return inbox.closeIfEmpty();
    }

    @Operation(nonParallelGroup = "loop")
    public boolean isEmpty() {
      return inbox.isEmpty();
    }
  }

  /** A list, and whether it is closed. */
  public static class Model {
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
    threads(2, 3).sequentialSpecification(Model.class).check(Calls.class);
  }

  @Test
  void arrivalsOfThreeThreadsAreOneList() {
    threads(3, 2).sequentialSpecification(Model.class).check(Calls.class);
  }
}

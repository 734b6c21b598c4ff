package dev.segue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A cancel against the start, the waits and the end of what it cancels. */
public class CancelRaces {
  @JCStressTest
  @Outcome(id = "true, false, CANCELLED", expect = ACCEPTABLE, desc = "never begun")
  @Outcome(id = "false, true, SUCCESS", expect = ACCEPTABLE, desc = "begun before the cancel")
  @Outcome(expect = FORBIDDEN)
  @State
  public static class CancellingWithoutInterruptSparesWhatHasBegun {
    private final Kernel kernel = InlineEngine.newKernel();
    private boolean begun;
    private final Task<Object> task =
        kernel.newTask(
            null,
            () -> {
              begun = true;
              return 1;
            });

    @Actor
    public void loop(LLL_Result result) {
      try {
        task.runBody();
        result.r3 = task.state();
      } catch (Throwable thrown) {
        result.r3 = thrown.getClass().getSimpleName();
      }
      result.r2 = begun;
    }

    @Actor
    public void canceller(LLL_Result result) {
      result.r1 = task.cancel(false);
    }
  }

  @JCStressTest
  @Outcome(id = "true, (SUCCESS|CANCELLED)", expect = ACCEPTABLE, desc = "a request, made in time")
  @Outcome(id = "false, SUCCESS", expect = ACCEPTABLE, desc = "too late")
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ACancelledTaskHasOneEnd {
    private final Kernel kernel = InlineEngine.newKernel();
    private final Task<Object> task = kernel.newTask(null, () -> 1);

    @Actor
    public void loop(LL_Result result) {
      kernel.run(task, true);
      result.r2 = task.state();
    }

    @Actor
    public void canceller(LL_Result result) {
      result.r1 = task.cancel("a test");
    }
  }

  /** A task that cancels itself in a scope and leaves that, while another interrupts it early. */
  private static final class Interrupted {
    private static final VarHandle EARLY;

    static {
      try {
        EARLY = handle();
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private static VarHandle handle() throws ReflectiveOperationException {
      return MethodHandles.privateLookupIn(Coroutine.class, MethodHandles.lookup())
          .findVarHandle(Coroutine.class, "early", EarlyInterrupt.class);
    }

    private final Kernel kernel = InlineEngine.newKernel();
    private final boolean leaves;
    private volatile int atEnd;
    final Task<Object> task = kernel.newTask(null, this::body);

    Interrupted(boolean leaves) {
      this.leaves = leaves;
    }

    private Object body() {
      var scope =
          new CancelNode() {
            @Override
            Task<?> owner() {
              return task;
            }
          };
      task.enter(scope);
      scope.offerRequest(new CancelRequest(scope, "a test", null));
      scope.deliver();
      if (leaves) {
        task.leave(scope);
      }
      atEnd = interrupts();
      return 1;
    }

    private int interrupts() {
      return ((InlineEngine.Interrupts) task.thread()).count();
    }

    /** How many interrupts came by the end of the body, and how many later. */
    void count(II_Result result) {
      while (String.valueOf(EARLY.getVolatile(task)).matches("ASKED_FOR|UNDER_WAY")) {
        Thread.onSpinWait();
      }
      result.r1 = atEnd;
      result.r2 = interrupts() - atEnd;
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "one, by the time that the cancel is delivered")
  @Outcome(expect = FORBIDDEN, desc = "none, two, or one that comes late")
  @State
  public static class ACancelInterruptsOnce {
    private final Interrupted interrupted = new Interrupted(false);

    @Actor
    public void loop() {
      interrupted.task.runBody();
    }

    @Actor
    public void watchdog() {
      EarlyInterrupt.look(interrupted.task);
    }

    @Arbiter
    public void end(II_Result result) {
      interrupted.count(result);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "none, two, or one that comes after the scope was left")
  @State
  public static class NoInterruptComesAfterTheScopeWasLeft {
    private final Interrupted interrupted = new Interrupted(true);

    @Actor
    public void loop() {
      interrupted.task.runBody();
    }

    @Actor
    public void watchdog() {
      EarlyInterrupt.look(interrupted.task);
    }

    @Arbiter
    public void end(II_Result result) {
      interrupted.count(result);
    }
  }
}

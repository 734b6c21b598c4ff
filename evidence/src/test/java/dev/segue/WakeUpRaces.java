package dev.segue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A loop that is about to park is woken by what arrives: where a wake-up is lost, a test hangs. */
public class WakeUpRaces {
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "the loop stops")
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AMessageWakesTheLoop {
    private final Kernel kernel = InlineEngine.newKernel();

    @Actor
    public void loop() {
      kernel.run(null, true);
    }

    @Actor
    public void other(Z_Result result) {
      result.r1 = wakeToStop(kernel);
    }
  }

  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "it ended, and nobody had asked for it")
  @State
  public static class TheSecondOfTwoMessagesIsSeenToo {
    private final Kernel kernel = InlineEngine.newKernel();

    @Actor
    public void loop() {
      kernel.run(null, true);
    }

    @Actor
    public void other(ZZ_Result result) {
      result.r1 = kernel.wake(nothing());
      result.r2 = kernel.close("a test has it stop");
    }
  }

  private static Inbox.Message nothing() {
    return new Inbox.Message() {
      @Override
      void receive() {}
    };
  }

  private static boolean wakeToStop(Kernel kernel) {
    return kernel.close("a test has it stop");
  }

  @JCStressTest
  @Outcome(id = "7", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AFutureWakesATaskOfThePortableEngine {
    private final Awaiting awaiting = new Awaiting(EventLoop.Engine.PORTABLE);

    @Actor
    public void loop(L_Result result) {
      result.r1 = awaiting.serve();
    }

    @Actor
    public void other() {
      awaiting.future.complete(7);
    }
  }

  @JCStressTest
  @Outcome(id = "7", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AFutureWakesATaskOfTheCarrierEngine {
    private final Awaiting awaiting = new Awaiting(EventLoop.Engine.CARRIER);

    @Actor
    public void loop(L_Result result) {
      result.r1 = awaiting.serve();
    }

    @Actor
    public void other() {
      awaiting.future.complete(7);
    }
  }

  @JCStressTest
  @Outcome(id = "7, (true|false)", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class UnparksAndInterruptsCostNobodyTheBaton {
    private final Awaiting awaiting = new Awaiting(EventLoop.Engine.PORTABLE);

    @Actor
    public void loop(LL_Result result) {
      result.r1 = awaiting.serve();
      result.r2 = awaiting.main.thread().isInterrupted();
    }

    @Actor
    public void other() {
      var thread = awaiting.main.thread();
      LockSupport.unpark(thread);
      thread.interrupt();
      awaiting.future.complete(7);
      LockSupport.unpark(thread);
    }
  }

  /** A loop whose main task takes turns with another, and then awaits a future. */
  static final class Awaiting {
    final CompletableFuture<Integer> future = new CompletableFuture<>();
    final Kernel kernel;
    final Task<Integer> main;

    Awaiting(EventLoop.Engine engine) {
      kernel = Kernels.newKernel(Engines.forLoop(engine));
      main =
          kernel.newTask(
              "main",
              () -> {
                var other =
                    kernel.spawn(
                        "other",
                        () -> {
                          Async.checkpoint();
                          return 0;
                        },
                        Task.current("a test"));
                int value = Async.await(future);
                other.await();
                return value;
              });
    }

    Object serve() {
      kernel.run(main, true);
      return switch (main.requireOutcome()) {
        case dev.segue.Outcome.Success<Integer>(var value) -> value;
        case dev.segue.Outcome.Failure<Integer>(var cause) -> cause;
        case dev.segue.Outcome.Cancellation<Integer>(var cause) -> cause;
      };
    }
  }
}

package dev.segue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** The end of a task, and of its loop, against those who want to be told of it. */
public class EndRaces {
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "a future that never ends")
  @State
  public static class WhoeverWaitsForTheEndIsTold {
    private final Kernel kernel = InlineEngine.newKernel();
    private final Task<Object> task = kernel.newTask(null, () -> 1);
    private CompletableFuture<?> future;

    @Actor
    public void loop() {
      task.runBody();
    }

    @Actor
    public void other() {
      future = task.endedFuture();
    }

    @Arbiter
    public void end(Z_Result result) {
      result.r1 = future.isDone();
    }
  }

  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "one of two futures would never end")
  @State
  public static class AllWaitForTheSameFuture {
    private final Task<Object> task = InlineEngine.newKernel().newTask(null, () -> 1);
    private CompletableFuture<?> one;
    private CompletableFuture<?> other;

    @Actor
    public void one() {
      one = task.endedFuture();
    }

    @Actor
    public void other() {
      other = task.endedFuture();
    }

    @Arbiter
    public void end(Z_Result result) {
      result.r1 = one == other;
    }
  }

  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost or called twice")
  @State
  public static class ACallbackIsCalledOnceThoughTheLoopCloses {
    private final Kernel kernel = InlineEngine.newKernel();
    private final Task<Object> task = kernel.newTask(null, () -> 1);
    private final AtomicInteger calls = new AtomicInteger();

    @Actor
    public void loop() {
      kernel.run(task, true);
    }

    @Actor
    public void other() {
      task.whenDone(done -> {
        if (done.isDone()) {
          calls.incrementAndGet();
        }
      });
    }

    @Arbiter
    public void end(I_Result result) {
      result.r1 = calls.get();
    }
  }

  @JCStressTest
  @Outcome(id = "accepted, (SUCCESS|CANCELLED)", expect = ACCEPTABLE)
  @Outcome(id = "refused, RUNNING", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "accepted and never ended, or refused and begun")
  @State
  public static class WhatAClosingLoopAcceptsEnds {
    private final Kernel kernel = InlineEngine.newKernel();
    private final Task<Object> main = kernel.newTask("main", () -> 1);
    private final Task<Object> task = kernel.newTask(null, () -> 1);

    @Actor
    public void loop() {
      kernel.run(main, true);
    }

    @Actor
    public void other(LL_Result result) {
      try {
        kernel.submit(task);
        result.r1 = "accepted";
      } catch (RejectedExecutionException _) {
        result.r1 = "refused";
      }
    }

    @Arbiter
    public void end(LL_Result result) {
      result.r2 = task.state();
    }
  }
}

package dev.segue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * What several threads bring to a loop arrives once each, in order, and is refused after the end.
 */
public class InboxRaces {
  /** An message that writes its name down; no two of one queue are handled at once. */
  private static final class Named extends Inbox.Message {
    private final String name;
    private final StringBuilder handled;

    Named(String name, StringBuilder handled) {
      this.name = name;
      this.handled = handled;
    }

    @Override
    void receive() {
      handled.append(name);
    }
  }

  @JCStressTest
  @Outcome(id = "ab", expect = ACCEPTABLE, desc = "each once, in order")
  @Outcome(expect = FORBIDDEN, desc = "lost, doubled or out of order")
  @State
  public static class EachArrivesOnceAndInOrder {
    private final Inbox inbox = new Inbox();
    private final StringBuilder handled = new StringBuilder();

    @Actor
    public void other() {
      inbox.push(new Named("a", handled));
      inbox.push(new Named("b", handled));
    }

    @Actor
    public void loop() {
      inbox.drain(Integer.MAX_VALUE);
      inbox.drain(Integer.MAX_VALUE);
    }

    @Arbiter
    public void end(L_Result result) {
      inbox.drain(Integer.MAX_VALUE);
      result.r1 = handled.toString();
    }
  }

  @JCStressTest
  @Outcome(id = "FIRST, BEHIND, ab", expect = ACCEPTABLE)
  @Outcome(id = "BEHIND, FIRST, ba", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "nobody, or both, would wake the loop; or one is lost")
  @State
  public static class OneOfThemIsTheFirst {
    private final Inbox inbox = new Inbox();
    private final StringBuilder handled = new StringBuilder();

    @Actor
    public void one(LLL_Result result) {
      result.r1 = inbox.push(new Named("a", handled));
    }

    @Actor
    public void other(LLL_Result result) {
      result.r2 = inbox.push(new Named("b", handled));
    }

    @Arbiter
    public void end(LLL_Result result) {
      inbox.drain(Integer.MAX_VALUE);
      result.r3 = handled.toString();
    }
  }

  @JCStressTest
  @Outcome(id = "FIRST, (FIRST|BEHIND), ab", expect = ACCEPTABLE, desc = "both in time")
  @Outcome(id = "FIRST, REFUSED, a", expect = ACCEPTABLE, desc = "one in time")
  @Outcome(id = "REFUSED, REFUSED, ", expect = ACCEPTABLE, desc = "both too late")
  @Outcome(expect = FORBIDDEN, desc = "accepted and not handled, or refused and handled")
  @State
  public static class WhatIsAcceptedIsHandledThoughTheLoopCloses {
    private final Inbox inbox = new Inbox();
    private final StringBuilder handled = new StringBuilder();

    @Actor
    public void other(LLL_Result result) {
      result.r1 = inbox.push(new Named("a", handled));
      result.r2 = inbox.push(new Named("b", handled));
    }

    @Actor
    public void loop() {
      inbox.drain(Integer.MAX_VALUE);
      inbox.refuse(Inbox.Message::receive);
    }

    @Arbiter
    public void end(LLL_Result result) {
      result.r3 = handled.toString();
    }
  }

  @JCStressTest
  @Outcome(id = "REFUSED, true", expect = ACCEPTABLE)
  @Outcome(id = "FIRST, false", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "closed over a message")
  @State
  public static class ClosingIfEmptyOverlooksNothing {
    private final Inbox inbox = new Inbox();
    private final StringBuilder handled = new StringBuilder();

    @Actor
    public void one(LL_Result result) {
      result.r1 = inbox.push(new Named("a", handled));
    }

    @Actor
    public void loop(LL_Result result) {
      result.r2 = inbox.closeIfEmpty();
    }
  }
}

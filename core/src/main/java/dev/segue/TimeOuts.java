package dev.segue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which waits of a snapshot's tasks a time-out, or a cancel that is under way, may end. Each node
 * is looked at once, however deep the tree is.
 */
@AnyThread
final class TimeOuts {
  @GuardedBy("this")
  private final Map<CancelNode, Boolean> known = new HashMap<>();

  /** Whether there is one around what is in a node. */
  @AnyThread(because = "an answer of a moment later will do")
  synchronized boolean isAround(CancelNode innermost) {
    var unknown = new ArrayDeque<CancelNode>();
    @Nullable Boolean answer = null;
    @Nullable CancelNode node = innermost;
    while (node != null && answer == null) {
      answer = known.get(node);
      if (answer == null) {
        unknown.push(node);
        answer = WaitGraph.mayEnd(node);
        node = node.parent();
      }
    }
    boolean isAround = answer != null && answer;
    unknown.forEach(each -> known.put(each, isAround));
    return isAround;
  }
}

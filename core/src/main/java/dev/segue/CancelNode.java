package dev.segue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A place in a loop's tree of cancellable things: the loop itself, its tasks, and the scopes that
 * tasks are in. Cancelling a node cancels what is below it, down to the next shield.
 *
 * <p>Any thread may set the request; an {@link EarlyInterrupt} reads the rest from outside.
 */
@LoopConfined
abstract class CancelNode {
  private static final VarHandle REQUEST;

  static {
    try {
      REQUEST =
          MethodHandles.lookup().findVarHandle(CancelNode.class, "request", CancelRequest.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable CancelRequest request;

  private @Nullable CancelNode parent;
  private @Nullable CancelNode firstChild;
  // A ring: the first child's previous is the last child.
  private CancelNode previous = this;
  private CancelNode next = this;

  /**
   * Whether a wait here throws: this node, or one above it with no shield between, is cancelled.
   */
  private boolean effective;

  /** The task whose code runs in this node; null for the loop itself. */
  abstract @Nullable Task<?> owner();

  /** Whether a cancel from above stops here. */
  boolean isShield() {
    return false;
  }

  final @Nullable CancelNode parent() {
    return parent;
  }

  /**
   * Passes on the tasks directly below, the oldest first, until {@code visitor} has seen enough.
   */
  final void visitChildTasks(Predicate<Task<?>> visitor) {
    var child = firstChild;
    if (child == null) {
      return;
    }
    do {
      if (child instanceof Task<?> task && !visitor.test(task)) {
        return;
      }
      child = child.next;
    } while (child != firstChild);
  }

  final boolean isEffective() {
    return effective;
  }

  @AnyThread
  final @Nullable CancelRequest request() {
    return request;
  }

  /** Sets the request unless there is one: the first reason wins. */
  @AnyThread
  final boolean offerRequest(CancelRequest offered) {
    return REQUEST.compareAndSet(this, null, offered);
  }

  final void adopt(CancelNode child) {
    child.parent = this;
    child.effective = child.request != null || (effective && !child.isShield());
    if (firstChild == null) {
      firstChild = child;
    } else {
      var last = firstChild.previous;
      last.next = child;
      child.previous = last;
      child.next = firstChild;
      firstChild.previous = child;
    }
  }

  /** Leaves the tree. What is still below (tasks that could not be waited for) moves up. */
  final void detach() {
    var from = parent;
    if (from == null) {
      return;
    }
    for (var child = firstChild; child != null; child = firstChild) {
      boolean cancelled = child.effective;
      child.detachAlone(this);
      from.adopt(child);
      child.effective |= cancelled;
    }
    detachAlone(from);
  }

  private void detachAlone(CancelNode from) {
    if (next == this) {
      from.firstChild = null;
    } else {
      previous.next = next;
      next.previous = previous;
      if (from.firstChild == this) {
        from.firstChild = next;
      }
      previous = this;
      next = this;
    }
    parent = null;
  }

  /** Puts this node's request into effect here and below, and tells each task that is now in it. */
  final void deliver() {
    CancelNode node = this;
    do {
      boolean reached = node == this || !node.isShield();
      if (reached) {
        node.effective = true;
        var owner = node.owner();
        if (owner != null && owner.innermost() == node) {
          owner.deliverCancel();
        }
      }
      node = node.following(this, reached);
    } while (node != this);
  }

  /**
   * The next node in a walk of the tree below {@code top}, parents first; {@code top} at the end.
   */
  final CancelNode following(CancelNode top, boolean intoChildren) {
    if (intoChildren && firstChild != null) {
      return firstChild;
    }
    CancelNode node = this;
    while (node != top) {
      var above = node.parent;
      if (above == null) {
        return top;
      }
      if (node.next != above.firstChild) {
        return node.next;
      }
      node = above;
    }
    return top;
  }

  /** The outermost request in effect here. */
  final @Nullable CancelRequest outermostRequest() {
    CancelRequest outermost = null;
    for (CancelNode node = this; node != null; node = node.parent) {
      if (node.request != null) {
        outermost = node.request;
      }
      if (node.isShield()) {
        break;
      }
    }
    return outermost;
  }

  /** Whether {@code node} is this one or above it. */
  final boolean isWithin(CancelNode node) {
    for (CancelNode at = this; at != null; at = at.parent) {
      if (at == node) {
        return true;
      }
    }
    return false;
  }
}

package dev.segue.futures.internal;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Callbacks of waits that were given up. A future keeps each until it ends, so that those of many
 * waits with a time-out would pile up; a later wait for the same future takes one over instead of
 * adding its own. So a future has no more of them than there were waits for it at one time.
 *
 * <p>It keeps no future alive, as long as the callbacks do not. Confined to one thread, or guarded
 * by its user.
 *
 * @param <C> the type of the callbacks
 */
public final class LeftCallbacks<C> {
  private final Map<Key, ArrayDeque<C>> left = new HashMap<>();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  /** Creates one without any callback. */
  public LeftCallbacks() {}

  /** A future, by identity. */
  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object future, @Nullable ReferenceQueue<Object> queue) {
      super(future, queue);
      this.hash = System.identityHashCode(future);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      var future = get();
      return this == other || (future != null && other instanceof Key key && key.refersTo(future));
    }
  }

  /** Keeps a callback that a future still has. Throws nothing, as whoever gives up must go on. */
  public void leave(Object future, C callback) {
    try {
      forgetCollected();
      left.computeIfAbsent(new Key(future, collected), _ -> new ArrayDeque<>(1)).push(callback);
    } catch (OutOfMemoryError | StackOverflowError _) {
      // Then nobody takes it over, and the future keeps it until it ends.
    }
  }

  /**
   * Takes over a callback that a future still has, or had until it ended; null if there is none.
   */
  public @Nullable C take(Object future) {
    if (left.isEmpty()) {
      return null;
    }
    forgetCollected();
    var key = new Key(future, null);
    var callbacks = left.get(key);
    if (callbacks == null) {
      return null;
    }
    var callback = callbacks.pop();
    if (callbacks.isEmpty()) {
      left.remove(key);
    }
    return callback;
  }

  private void forgetCollected() {
    for (var key = collected.poll(); key != null; key = collected.poll()) {
      left.remove(key);
    }
  }
}

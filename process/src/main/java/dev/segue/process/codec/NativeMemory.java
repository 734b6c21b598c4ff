package dev.segue.process.codec;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside of the heap, which the garbage collector does not copy. What is given back is kept
 * for a second or two, because memory is slow on first use. Safe for use by several threads.
 */
public final class NativeMemory {
  /** A piece of it, which belongs to whoever has taken it. */
  public record Block(Arena arena, MemorySegment memory) {
    long size() {
      return memory.byteSize();
    }
  }

  /** The memory of this JVM. */
  public static final NativeMemory OF_JVM =
      new NativeMemory(Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 4));

  private static final long LOOK_MILLIS = 1_000;

  private final long mostKept;
  private final Consumer<Runnable> threads;

  /** What nobody uses, the last one given back first. */
  @GuardedBy("this")
  private final ArrayDeque<Block> kept = new ArrayDeque<>();

  @GuardedBy("this")
  private long keptBytes;

  /** Whether anything was taken since the last look. */
  @GuardedBy("this")
  private boolean inUse;

  @GuardedBy("this")
  private boolean watched;

  /**
   * Makes one that has nothing.
   *
   * @param mostKept how many bytes are kept at most
   */
  public NativeMemory(long mostKept) {
    this(
        mostKept,
        body ->
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("segue-memory")
                .start(body));
  }

  NativeMemory(long mostKept, Consumer<Runnable> threads) {
    this.mostKept = mostKept;
    this.threads = threads;
  }

  /**
   * Takes a block that was kept and has the wanted size, or up to a quarter more, or a new one.
   *
   * @param wanted how many bytes are wanted
   * @param size how many a new block has
   * @throws OutOfMemoryError if there is no memory for it
   */
  public Block take(int wanted, int size) {
    var block = takeKept(wanted);
    if (block != null) {
      return block;
    }
    try {
      return allocate(size);
    } catch (OutOfMemoryError _) {
      freeAll(); // what is kept counts towards the limit
      return allocate(size);
    }
  }

  private synchronized @Nullable Block takeKept(int wanted) {
    inUse = true;
    Block smallest = null;
    for (var block : kept) {
      if (block.size() >= wanted
          && block.size() - wanted <= wanted / 4
          && (smallest == null || block.size() < smallest.size())) {
        smallest = block;
        if (block.size() == wanted) {
          break;
        }
      }
    }
    if (smallest != null) {
      kept.remove(smallest);
      keptBytes -= smallest.size();
    }
    return smallest;
  }

  @SuppressWarnings("MustBeClosedChecker") // free() does
  private static Block allocate(int size) {
    var arena = Arena.ofShared();
    try {
      return new Block(arena, arena.allocate(size));
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  /** Gives a block back, which the caller does not use again. */
  public synchronized void giveBack(Block block) {
    if (block.size() > mostKept || !watch()) {
      free(block);
      return;
    }
    kept.addFirst(block);
    keptBytes += block.size();
    while (keptBytes > mostKept) {
      freeOldest();
    }
  }

  /** Frees what is kept. */
  synchronized void freeAll() {
    while (!kept.isEmpty()) {
      freeOldest();
    }
  }

  @GuardedBy("this")
  private void freeOldest() {
    var oldest = kept.removeLast();
    keptBytes -= oldest.size();
    free(oldest);
  }

  private static void free(Block block) {
    block.arena().close();
  }

  /** Returns how many bytes are kept. */
  public synchronized long keptBytes() {
    return keptBytes;
  }

  /** Starts the thread that frees what is not used, if there is none. Returns whether there is. */
  @GuardedBy("this")
  private boolean watch() {
    if (!watched) {
      try {
        threads.accept(this::freeWhenUnused);
        watched = true;
      } catch (OutOfMemoryError _) {
        // There is no room for a thread, so nothing is kept either.
      }
    }
    return watched;
  }

  private void freeWhenUnused() {
    do {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException _) {
        // Nobody has a reason to interrupt it: that is a look that comes early.
      }
    } while (look());
  }

  /** Frees what is kept if nothing was taken since the last look. Returns whether to look again. */
  synchronized boolean look() {
    if (!inUse) {
      freeAll();
      watched = false;
    }
    inUse = false;
    return watched;
  }
}

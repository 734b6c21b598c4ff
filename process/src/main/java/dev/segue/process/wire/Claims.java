package dev.segue.process.wire;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One word of shared memory for each task that was sent to a worker. The worker takes a task by
 * changing its word from offered to claimed; the parent takes it back by changing it from offered
 * to revoked. Only one of them can succeed.
 *
 * <p>So the parent knows which task a lost worker had started, and can take back all other tasks
 * before it kills a worker because of one.
 */
public final class Claims {
  /** How many tasks a worker may hold at a time. */
  public static final int WINDOW = 128;

  private static final long OFFERED = 1;
  private static final long CLAIMED = 2;
  private static final long REVOKED = 3;

  /** Of a buffer and not of a {@code MemorySegment}, whose own takes 30 ms to make. */
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final int SLOT_BYTES = 2 * Long.BYTES;

  private final ByteBuffer memory;

  private Claims(ByteBuffer memory) {
    this.memory = memory;
  }

  /** Parent: makes the file and maps it. It may be deleted once both sides have mapped it. */
  public static Claims create(Path file) throws IOException {
    // Written and not just extended, so that a full disk is found here, and not at a later write.
    Files.write(file, new byte[WINDOW * SLOT_BYTES], StandardOpenOption.CREATE_NEW);
    return open(file);
  }

  /** Worker: maps the file. */
  public static Claims open(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Through a segment, because the JDK makes a mapped buffer by reflection.
      return new Claims(
          channel
              .map(MapMode.READ_WRITE, 0, (long) WINDOW * SLOT_BYTES, Arena.ofAuto())
              .asByteBuffer());
    }
  }

  /** Parent: offers a task. Fewer than {@link #WINDOW} others may be without a reply. */
  public void offer(long number) {
    WORD.setRelease(memory, slot(number), word(number, OFFERED));
  }

  /** Parent: takes an offer back. Returns whether the worker had not claimed the task. */
  public boolean revoke(long number) {
    return WORD.compareAndSet(memory, slot(number), word(number, OFFERED), word(number, REVOKED));
  }

  /** Worker: claims a task. Returns whether it was still on offer. */
  public boolean claim(long number) {
    WORD.set(memory, slot(number) + Long.BYTES, System.nanoTime());
    return WORD.compareAndSet(memory, slot(number), word(number, OFFERED), word(number, CLAIMED));
  }

  /** Parent: whether the worker has claimed the task. */
  public boolean isClaimed(long number) {
    return (long) WORD.getAcquire(memory, slot(number)) == word(number, CLAIMED);
  }

  /**
   * Parent: when the worker claimed a task, by {@link System#nanoTime}, which is the same for all
   * processes on Linux and macOS.
   */
  public long claimedAt(long number) {
    return (long) WORD.get(memory, slot(number) + Long.BYTES);
  }

  private static int slot(long number) {
    return (int) (number % WINDOW) * SLOT_BYTES;
  }

  private static long word(long number, long state) {
    return number << 2 | state;
  }
}

package dev.segue.process.codec;

import dev.segue.process.codec.NativeMemory.Block;
import java.util.ArrayList;
import java.util.List;

/**
 * The native memory of one encoded value, which is given back when nobody holds the value any more.
 * Guarded by its owner's lock, or confined to one thread.
 */
final class Lease {
  private final List<Block> blocks = new ArrayList<>();
  private int holders = 1;

  void add(Block block) {
    blocks.add(block);
  }

  void hold() {
    if (holders == 0) {
      throw new IllegalStateException("the memory of this value was given back");
    }
    holders++;
  }

  void release() {
    holders--;
    if (holders == 0) {
      blocks.forEach(NativeMemory.OF_JVM::giveBack);
    }
  }
}

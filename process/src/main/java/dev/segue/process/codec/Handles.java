package dev.segue.process.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The numbers of the objects of one graph, by identity. */
final class Handles {
  private static final int FEW = 8;
  private static final int KEPT = 1024;
  private static final int MIXER = 0x9E3779B9;

  private @Nullable Object[] objects = new @Nullable Object[FEW];
  private int size;

  // Index + 1 by hash. Empty while there are so few objects that a linear search is faster.
  private int[] table = {};

  /** Returns the number of an object, or -1 if it had none, and gives it the next one. */
  int find(Object object) {
    if (size < FEW) {
      for (int i = 0; i < size; i++) {
        if (objects[i] == object) {
          return i;
        }
      }
      objects[size++] = object;
      return -1;
    }
    if (table.length < 2 * (size + 1)) {
      grow();
    }
    int slot = slot(object);
    if (table[slot] != 0) {
      return table[slot] - 1;
    }
    if (size == objects.length) {
      objects = Arrays.copyOf(objects, size * 2);
    }
    objects[size++] = object;
    table[slot] = size;
    return -1;
  }

  void clear() {
    if (size > KEPT) {
      objects = new @Nullable Object[FEW];
    } else {
      Arrays.fill(objects, 0, size, null);
    }
    table = new int[0];
    size = 0;
  }

  private void grow() {
    table = new int[Math.max(4 * FEW, table.length * 2)];
    for (int i = 0; i < size; i++) {
      table[slot(objects[i])] = i + 1;
    }
  }

  private int slot(@Nullable Object object) {
    int mask = table.length - 1;
    int hash = System.identityHashCode(object) * MIXER;
    int slot = (hash ^ hash >>> 16) & mask;
    while (table[slot] != 0 && objects[table[slot] - 1] != object) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

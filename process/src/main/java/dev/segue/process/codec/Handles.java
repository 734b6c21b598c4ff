package dev.segue.process.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The numbers of the objects of one graph, by identity. */
final class Handles {
  private static final int FEW = 8;
  private static final int NEAR = 16;
  private static final int KEPT = 1 << 17;
  private static final int SHORT_STRING = 256;
  private static final int MIXER = 0x9E3779B9;

  private @Nullable Object[] objects = new @Nullable Object[FEW];
  private int size;
  private int room = FEW;

  // Index + 1 + base by hash; what is not above the base is empty. The mask is 0 while there are so
  // few objects that a linear search is faster.
  private int[] table = {};
  private int mask;
  private int base;

  /** Returns the number of an object, or -1 if it has none. */
  int find(Object object) {
    return mask == 0 ? findLinearly(object) : Math.max(table[slot(object)] - base, 0) - 1;
  }

  /** Returns the number of an object, or -1 if it had none, and gives it the next one. */
  int findOrAdd(Object object) {
    makeRoom();
    if (mask == 0) {
      int found = findLinearly(object);
      if (found < 0) {
        objects[size++] = object;
      }
      return found;
    }
    int slot = slot(object);
    int at = table[slot] - base;
    if (at > 0) {
      return at - 1;
    }
    objects[size++] = object;
    table[slot] = base + size;
    return -1;
  }

  /** Gives an object the next number, even if it has one. */
  void add(Object object) {
    makeRoom();
    objects[size++] = object;
    if (mask > 0) {
      table[slot(object)] = base + size;
    }
  }

  /** Makes room for as many more objects, some of which may not come. */
  void expect(int more) {
    if (size + more > room) {
      grow(Math.max(size + more, 2 * size));
    }
  }

  /** Forgets all objects. Takes time for those alone, not for the table. */
  void clear() {
    if (objects.length > KEPT) {
      objects = new @Nullable Object[FEW];
      table = new int[0];
    } else {
      Arrays.fill(objects, 0, size, null);
      emptyTable();
    }
    mask = 0;
    size = 0;
    room = FEW;
  }

  private void makeRoom() {
    if (size == room) {
      grow(4 * size);
    }
  }

  private int findLinearly(Object object) {
    for (int i = 0; i < size; i++) {
      if (objects[i] == object) {
        return i;
      }
    }
    return -1;
  }

  private void grow(int newRoom) {
    room = newRoom;
    if (objects.length < room) {
      objects = Arrays.copyOf(objects, room);
    }
    int needed = 2 * Integer.highestOneBit(2 * room - 1); // at most half full
    if (table.length < needed) {
      table = new int[needed];
      base = 0;
    } else {
      emptyTable();
    }
    mask = needed - 1;
    for (int i = 0; i < size; i++) {
      table[slot(objects[i])] = base + i + 1;
    }
  }

  private void emptyTable() {
    base += size;
    if (base > Integer.MAX_VALUE / 2) {
      Arrays.fill(table, 0);
      base = 0;
    }
  }

  /** Returns where an object is, or the empty slot for it. */
  private int slot(@Nullable Object object) {
    int slot = mixed(hash(object));
    for (int i = 0; i < NEAR; i++) {
      int at = table[slot] - base;
      if (at <= 0 || objects[at - 1] == object) {
        return slot;
      }
      slot = slot + 1 & mask;
    }
    return farSlot(object);
  }

  /** Many different objects are equal, or have equal hashes. */
  private int farSlot(@Nullable Object object) {
    int slot = mixed(System.identityHashCode(object));
    while (table[slot] > base && objects[table[slot] - base - 1] != object) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int mixed(int hash) {
    int mixed = hash * MIXER;
    return (mixed ^ mixed >>> 16) & mask;
  }

  /** An object's first identity hash takes the JVM longer than the hash of a short text. */
  private static int hash(@Nullable Object object) {
    return switch (object) {
      case String text when text.length() <= SHORT_STRING -> text.hashCode();
      case Integer n -> n.hashCode();
      case Long n -> n.hashCode();
      case Double n -> n.hashCode();
      case null, default -> System.identityHashCode(object);
    };
  }
}

package dev.segue.inspect;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;

/** The last few of what happens rarely. Any thread. */
final class Notes<T> {
  private final int most;

  private final ArrayDeque<T> notes = new ArrayDeque<>();

  Notes(int most) {
    this.most = most;
  }

  synchronized void add(T note) {
    if (notes.size() == most) {
      notes.removeFirst();
    }
    notes.add(note);
  }

  /** Adds a note, instead of the last one if that is an earlier version of it. */
  synchronized void addOrReplace(T note, Predicate<T> isEarlier) {
    if (!notes.isEmpty() && isEarlier.test(notes.getLast())) {
      notes.removeLast();
    }
    add(note);
  }

  synchronized boolean isFull() {
    return notes.size() == most;
  }

  synchronized List<T> copy() {
    return List.copyOf(notes);
  }
}

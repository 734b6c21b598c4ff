package dev.segue.inspect;

import java.util.ArrayDeque;
import java.util.List;

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

  /** Adds a note instead of the last one, an earlier version of it. */
  synchronized void replaceLast(T note) {
    notes.removeLast();
    notes.add(note);
  }

  synchronized boolean isFull() {
    return notes.size() == most;
  }

  synchronized List<T> copy() {
    return List.copyOf(notes);
  }
}

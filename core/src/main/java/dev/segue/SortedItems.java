package dev.segue;

import java.util.AbstractQueue;
import java.util.Comparator;
import java.util.Iterator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A queue's items in a comparator's order, equal ones in the order in which they came.
 *
 * <p>A sorted tree, and not a heap, because the comparator is the user's and may throw: it is
 * called in {@link #offer} alone, before anything has changed, so that the error goes to the task
 * whose item cannot be compared, and no item is lost. A heap also compares when an item is taken;
 * and {@link java.util.PriorityQueue} loses items when its comparator throws.
 */
final class SortedItems<T> extends AbstractQueue<T> {
  private record Entry<T>(T item, long number) {}

  private final Comparator<? super T> order;
  private final TreeSet<Entry<T>> entries = new TreeSet<>(this::compare);
  private long changes;

  SortedItems(Comparator<? super T> order) {
    this.order = order;
  }

  private int compare(Entry<T> a, Entry<T> b) {
    long before = changes;
    int result = order.compare(a.item, b.item);
    if (changes != before) {
      throw new IllegalStateException(
          "the queue changed while its comparator ran: the comparator waited, or used the queue;"
              + " it must do neither");
    }
    return result != 0 ? result : Long.compare(a.number, b.number);
  }

  @Override
  public boolean offer(T item) {
    entries.add(new Entry<>(item, changes)); // also the first one is compared, with itself
    changes++;
    return true;
  }

  @Override
  public @Nullable T poll() {
    var first = entries.pollFirst();
    changes++;
    return first == null ? null : first.item;
  }

  @Override
  public void clear() {
    entries.clear();
    changes++;
  }

  @Override
  public @Nullable T peek() {
    return entries.isEmpty() ? null : entries.first().item;
  }

  @Override
  public Iterator<T> iterator() {
    return entries.stream().map(Entry::item).iterator();
  }

  @Override
  public int size() {
    return entries.size();
  }
}

package dev.segue.process.codec;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What encoded values refer to by number: lambda shapes, and classes of records, enums and arrays.
 * One for each sending side; entries are only ever added. Safe for use by several threads.
 *
 * <p>It holds the classes that it numbers, as long as it lives itself.
 */
public final class Dictionary {
  private final ConcurrentHashMap<Class<?>, Integer> numbers = new ConcurrentHashMap<>();

  @GuardedBy("this")
  private final List<byte[]> entries = new ArrayList<>();

  /** The entry as bytes, for {@link Decoder#define}. */
  public synchronized byte[] definition(int number) {
    return entries.get(number);
  }

  /** The number of a class, whose entry is made if it has none. */
  int number(Class<?> type, Supplier<byte[]> entry) {
    var number = numbers.get(type);
    return number != null ? number : add(type, entry.get());
  }

  private synchronized int add(Class<?> type, byte[] entry) {
    var number = numbers.get(type);
    if (number == null) {
      number = entries.size();
      entries.add(entry);
      numbers.put(type, number);
    }
    return number;
  }
}

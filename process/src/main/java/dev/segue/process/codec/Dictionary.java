package dev.segue.process.codec;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The definitions that encoded values refer to by number: shapes of lambdas, and classes of
 * records, enums and arrays. Each sending side has one, to which entries are only ever added. Safe
 * for use by several threads.
 *
 * <p>It keeps the classes that it numbers from being unloaded.
 */
public final class Dictionary {
  private final ConcurrentHashMap<Class<?>, Integer> numbers = new ConcurrentHashMap<>();

  @GuardedBy("this")
  private final List<byte[]> entries = new ArrayList<>();

  /** Returns an entry, for {@link Decoder#define}. */
  public synchronized byte[] definition(int number) {
    return entries.get(number);
  }

  /** Returns the number of a class. Its entry is made if there is none. */
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

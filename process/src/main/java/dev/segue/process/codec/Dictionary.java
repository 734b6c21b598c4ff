package dev.segue.process.codec;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The definitions that encoded values refer to by number: shapes of lambdas, and classes of
 * records, enums and arrays. Each sending side has one, to which entries are only ever added. Safe
 * for use by several threads.
 *
 * <p>It keeps the classes that it numbers from being unloaded.
 */
public final class Dictionary {
  private final ConcurrentHashMap<Class<?>, Integer> numbers = new ConcurrentHashMap<>();
  private final Function<Class<?>, @Nullable String> refusal;

  @GuardedBy("this")
  private final List<byte[]> entries = new ArrayList<>();

  /** Makes one for a receiver that may have all classes. */
  public Dictionary() {
    this(_ -> null);
  }

  /**
   * Makes one for a receiver that cannot load some classes.
   *
   * @param refusal explains why it cannot load a class, and what to do; null if it can
   */
  public Dictionary(Function<Class<?>, @Nullable String> refusal) {
    this.refusal = refusal;
  }

  /** Returns an entry, for {@link Decoder#define}. */
  public synchronized byte[] definition(int number) {
    return entries.get(number);
  }

  /**
   * Returns the number of a class. Its entry is made if there is none.
   *
   * @throws ForeignClassException if the receiver cannot load it
   */
  int number(Class<?> type, Supplier<byte[]> entry) {
    var number = numbers.get(type);
    if (number != null) {
      return number;
    }
    check(type);
    return add(type, entry.get());
  }

  /**
   * Refuses a class that the receiver cannot load.
   *
   * @throws ForeignClassException if it cannot
   */
  void check(Class<?> type) {
    var element = element(type);
    var why = refusal.apply(element);
    if (why != null) {
      throw new ForeignClassException(element, why);
    }
  }

  /** What an array's innermost elements are; any other class itself. */
  static Class<?> element(Class<?> type) {
    var element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return element;
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

package dev.segue.process.codec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The class loaders for results: of each task's class, then the context of the thread that
 * submitted it, then of the thread that made the pool. Safe for use by several threads.
 */
public final class ResultLoaders {
  private static final ClassLoader SEGUE =
      Objects.requireNonNullElse(
          ResultLoaders.class.getClassLoader(), ClassLoader.getSystemClassLoader());

  private final ClassLoader ofPool =
      Objects.requireNonNullElse(Thread.currentThread().getContextClassLoader(), SEGUE);

  private final ConcurrentHashMap<List<ClassLoader>, ClassLoader> known = new ConcurrentHashMap<>();

  /** Returns the one for results without a task of their own. */
  public ClassLoader ofPool() {
    return ofPool;
  }

  /**
   * Returns the one for a task's result.
   *
   * @param context of the submitting thread
   */
  public ClassLoader of(Class<?> task, @Nullable ClassLoader context) {
    var own = task.getClassLoader();
    if (own == ofPool && context == ofPool) {
      return ofPool;
    }
    var order = new LinkedHashSet<@Nullable ClassLoader>();
    // The class may be Segue's, as a map's is, and then the context knows more of the program.
    if (own == SEGUE) {
      order.add(context);
    }
    order.add(own);
    order.add(context);
    order.add(ofPool);
    order.remove(null);
    return order.size() == 1 ? ofPool : known.computeIfAbsent(List.copyOf(order), InTurn::new);
  }

  /** Asks several loaders in turn. */
  private static final class InTurn extends ClassLoader {
    static {
      registerAsParallelCapable();
    }

    private final List<ClassLoader> loaders;

    InTurn(List<ClassLoader> loaders) {
      super(null);
      this.loaders = loaders;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      for (var loader : loaders) {
        try {
          return loader.loadClass(name);
        } catch (ClassNotFoundException _) {
          // Perhaps the next one has it.
        }
      }
      throw new ClassNotFoundException(name);
    }
  }
}

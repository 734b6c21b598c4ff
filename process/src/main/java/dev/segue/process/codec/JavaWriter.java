package dev.segue.process.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.function.Predicate;

/**
 * Java serialization that refuses classes which the other side cannot load, and knows how deep the
 * objects are nested.
 */
final class JavaWriter extends ObjectOutputStream {
  private static final int DEEP = Tag.DEEP_FROM / 2;
  private static final int MOST_FRAMES = 16 * Tag.DEEPEST;
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final Dictionary dictionary;
  private int unchecked = Tag.DEEP_FROM;
  private boolean deep;

  JavaWriter(OutputStream out, Dictionary dictionary) throws IOException {
    super(out);
    this.dictionary = dictionary;
    enableReplaceObject(true);
  }

  /** Whether objects may be nested deeper than {@link Tag#DEEP_FROM}. */
  boolean isDeep() {
    return deep;
  }

  /** Called once for each class in the stream. */
  @Override
  protected void annotateClass(Class<?> type) {
    dictionary.check(type);
  }

  @Override
  protected void annotateProxyClass(Class<?> type) {
    for (var each : type.getInterfaces()) {
      dictionary.check(each);
    }
  }

  /** Called once for each object, so that the next level is at least one call away. */
  @Override
  protected Object replaceObject(Object object) {
    if (unchecked-- == 0) {
      int depth = depth();
      if (depth > Tag.DEEPEST) {
        throw new TooDeepException();
      }
      deep |= depth > DEEP; // and not only past the limit, near which it would count all the time
      unchecked = (deep ? Tag.DEEPEST : Tag.DEEP_FROM) - depth;
    }
    return object;
  }

  /**
   * Returns how deep the objects are. Where there are few frames, that is their number, which is at
   * least the depth and quicker to count.
   */
  private static int depth() {
    int frames = count(frame -> frame.getDeclaringClass() == ObjectOutputStream.class);
    return frames <= DEEP ? frames : count(frame -> frame.getMethodName().equals("writeObject0"));
  }

  private static int count(Predicate<StackWalker.StackFrame> counted) {
    return WALKER.walk(frames -> frames.filter(counted).limit(MOST_FRAMES).count()).intValue();
  }
}

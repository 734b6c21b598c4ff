package dev.segue.process.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;

/**
 * Java serialization that refuses classes which the other side cannot load, and knows how deep the
 * objects are nested.
 */
final class JavaWriter extends ObjectOutputStream {
  private final Dictionary dictionary;
  private int unchecked = Tag.DEEP_FROM;
  private boolean deep;

  JavaWriter(OutputStream out, Dictionary dictionary) throws IOException {
    super(out);
    this.dictionary = dictionary;
    enableReplaceObject(true);
  }

  /** Whether objects are nested deeper than {@link Tag#DEEP_FROM}. */
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
      deep |= depth > Tag.DEEP_FROM;
      unchecked = (deep ? Tag.DEEPEST : Tag.DEEP_FROM) - depth;
    }
    return object;
  }

  private static int depth() {
    return StackWalker.getInstance()
        .walk(frames -> frames.filter(JavaWriter::isOfAnObject).limit(Tag.DEEPEST + 1).count())
        .intValue();
  }

  private static boolean isOfAnObject(StackWalker.StackFrame frame) {
    return frame.getMethodName().equals("writeObject0");
  }
}

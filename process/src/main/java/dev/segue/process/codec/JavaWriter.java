package dev.segue.process.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;

/** Java serialization that refuses classes which the other side cannot load. */
final class JavaWriter extends ObjectOutputStream {
  private final Dictionary dictionary;

  JavaWriter(OutputStream out, Dictionary dictionary) throws IOException {
    super(out);
    this.dictionary = dictionary;
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
}

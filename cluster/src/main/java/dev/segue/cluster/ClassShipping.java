package dev.segue.cluster;

import java.nio.file.Path;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/** Sends the executors of a context the classes that they lack. A stand-in. */
final class ClassShipping {
  private final SparkContext context;

  private ClassShipping(SparkContext context) {
    this.context = context;
  }

  static ClassShipping of(SparkContext context) {
    return new ClassShipping(context);
  }

  void ship(boolean wholeClassPath) {}

  void addJar(Path jar) {
    context.addJar(jar.toString());
  }

  void addClasses(Class<?>... classes) {}

  @Nullable String refusalFor(Class<?> type) {
    return null;
  }
}

package dev.segue.compare;

import dev.segue.inspect.Recorder;
import java.io.IOException;
import java.net.URL;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A class loader that defines a workload and what it came with once more, changed so that a
 * recorder is told of the fields which they read and write. All else, libraries too, is what it
 * was.
 */
final class WatchedClasses extends ClassLoader {
  private final Recorder recorder;
  private final ClassLoader parent;
  private final String packageOfWorkload;
  private final URL source;

  private WatchedClasses(Class<?> workload, URL source, Recorder recorder) {
    super("watched", workload.getClassLoader());
    this.recorder = recorder;
    this.parent = workload.getClassLoader();
    this.packageOfWorkload = workload.getPackageName();
    this.source = source;
  }

  /**
   * The same class, watched.
   *
   * @throws ClassNotFoundException if it cannot be read again
   */
  static Class<?> of(Class<?> workload, Recorder recorder) throws ClassNotFoundException {
    var source = source(workload);
    if (source == null) {
      throw new ClassNotFoundException("nobody knows where " + workload.getName() + " is from");
    }
    return new WatchedClasses(workload, source, recorder).loadClass(workload.getName());
  }

  private static @Nullable URL source(Class<?> type) {
    var source = type.getProtectionDomain().getCodeSource();
    return source == null ? null : source.getLocation();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      var known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      var plain = super.loadClass(name, resolve);
      return isOfWorkload(plain) ? watched(plain) : plain;
    }
  }

  /** Those of Segue are in the same place as a ready-made workload. */
  private boolean isOfWorkload(Class<?> type) {
    return source.equals(source(type))
        && (type.getPackageName().equals(packageOfWorkload)
            || !type.getName().startsWith("dev.segue."));
  }

  private Class<?> watched(Class<?> plain) throws ClassNotFoundException {
    var name = plain.getName();
    try (var in = parent.getResourceAsStream(name.replace('.', '/') + ".class")) {
      var file = recorder.watched(Objects.requireNonNull(in, name).readAllBytes(), this);
      return defineClass(name, file, 0, file.length, plain.getProtectionDomain());
    } catch (IOException | RuntimeException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}

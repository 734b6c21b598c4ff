package dev.segue.cli;

import dev.segue.inspect.Recorder;
import java.io.IOException;
import java.util.Arrays;

/** Loads the examples, which are in no package, so that a recorder is told of their fields. */
final class WatchedExamples extends ClassLoader {
  private final Recorder recorder;
  private final ClassLoader parent;

  WatchedExamples(Recorder recorder, ClassLoader parent) {
    super(parent);
    this.recorder = recorder;
    this.parent = parent;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      var known = findLoadedClass(name);
      return known != null
          ? known
          : name.contains(".") ? super.loadClass(name, resolve) : own(name);
    }
  }

  private Class<?> own(String name) throws ClassNotFoundException {
    var plain = parent.loadClass(name); // for where it is from, too
    var plainFile = read(plain);
    var classFile = recorder.watched(plainFile, this);
    // Workers of a process pool know only what is on the class path.
    return Arrays.equals(classFile, plainFile) && !name.contains("$")
        ? plain
        : defineClass(name, classFile, 0, classFile.length, plain.getProtectionDomain());
  }

  private static byte[] read(Class<?> type) throws ClassNotFoundException {
    try (var in = type.getResourceAsStream(type.getName() + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(type.getName());
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(type.getName(), e);
    }
  }
}

package dev.segue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recording of all loops of this JVM, from now on until it is closed, by the recorder of the
 * module {@code inspect}: the program's own, or one that the asker brings, in a class loader below
 * this class's. Loops that begin later are recorded too.
 */
final class RemoteRecording implements AutoCloseable {
  private static final String PACKAGE = "dev.segue.inspect.";

  /** A program may make loops all the time, and each recording of one takes some MB. */
  private static final int MOST_LOOPS = 16;

  private final ClassLoader loader;
  private final @Nullable URLClassLoader brought;
  private final Object recorder;
  private final Method newInstrument;
  private final Supplier<@Nullable Instrument> factory = this::newInstrument;

  @GuardedBy("this")
  private int loops;

  @GuardedBy("this")
  private int leftOut;

  /**
   * Begins.
   *
   * @param classPath where the recorder is, if this program does not have it
   * @throws ReflectiveOperationException if it cannot be loaded, or is another one
   */
  RemoteRecording(String classPath) throws ReflectiveOperationException, IOException {
    var own = RemoteRecording.class.getClassLoader();
    URLClassLoader below = null;
    try {
      var _ = Class.forName(PACKAGE + "Recorder", true, own);
    } catch (ClassNotFoundException _) {
      below = new URLClassLoader(urls(classPath), own);
    }
    brought = below;
    loader = below == null ? own : below;
    try {
      var type = Class.forName(PACKAGE + "Recorder", true, loader);
      recorder = type.getConstructor().newInstance();
      newInstrument = type.getMethod("forNewLoop");
    } catch (Throwable thrown) {
      closeLoader();
      throw thrown;
    }
    InstrumentFactory.add(factory);
  }

  private static URL[] urls(String classPath) throws MalformedURLException {
    var entries = classPath.split(File.pathSeparator, -1);
    var urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) {
      urls[i] = Path.of(entries[i]).toUri().toURL();
    }
    return urls;
  }

  /** For a loop that runs, or is about to; null for one too many. */
  private synchronized @Nullable Instrument newInstrument() {
    if (loops == MOST_LOOPS) {
      leftOut++;
      return null;
    }
    try {
      var instrument = (Instrument) newInstrument.invoke(recorder);
      loops++;
      return instrument;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the recorder cannot make an instrument", e);
    }
  }

  synchronized int loops() {
    return loops;
  }

  synchronized int loopsLeftOut() {
    return leftOut;
  }

  /** The page of what has been recorded so far. */
  String page() throws ReflectiveOperationException {
    var recording = recorder.getClass().getMethod("recording").invoke(recorder);
    var page = Class.forName(PACKAGE + "Page", true, loader);
    return (String) page.getMethod("of", recording.getClass()).invoke(null, recording);
  }

  @Override
  public void close() throws IOException {
    InstrumentFactory.remove(factory);
    closeLoader();
  }

  private void closeLoader() throws IOException {
    if (brought != null) {
      brought.close();
    }
  }
}

package dev.segue.cli;

import dev.segue.EventLoop;
import dev.segue.inspect.Page;
import dev.segue.inspect.Recorder;
import dev.segue.inspect.ThreadRecorder;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/** Records a program that {@code segue run --report} starts, and writes the page when it ends. */
final class ReportAgent {
  /** Loads what {@code java FILE.java} has compiled. */
  private static final String LAUNCHER = "com.sun.tools.javac.launcher.";

  private ReportAgent() {}

  /**
   * Called by the JVM, before the program's main.
   *
   * @param file the page to write
   */
  public static void premain(String file, Instrumentation instrumentation) {
    var recorder = new Recorder();
    EventLoop.addInstruments(recorder::forNewLoop);
    var threads = recorder.recordThreads("threads");
    instrumentation.addTransformer(new Watched(recorder));
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> write(recorder, threads, file), "segue-report"));
  }

  private static void write(Recorder recorder, ThreadRecorder threads, String file) {
    try {
      threads.close();
      var recording = recorder.recording();
      Page.write(recording, Path.of(file));
      int findings = recording.findings().size();
      System.err.println(
          "Wrote %s: %s.".formatted(file, findings == 1 ? "1 finding" : findings + " findings"));
    } catch (IOException e) {
      System.err.println("segue run: cannot write the report to " + file + ": " + e);
    }
  }

  /** Has the recorder told of the fields of the program's own classes. */
  private record Watched(Recorder recorder) implements ClassFileTransformer {
    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        String name,
        @Nullable Class<?> redefined,
        ProtectionDomain domain,
        byte[] classFile) {
      if (loader == null || !loader.getClass().getName().startsWith(LAUNCHER)) {
        return null;
      }
      try {
        return recorder.watched(classFile, loader);
      } catch (IllegalArgumentException e) { // which the JVM would ignore without a word
        System.err.println("segue run: the fields of " + name + " are not watched: " + e);
        return null;
      }
    }
  }
}

package dev.segue.process;

import dev.segue.futures.WhenFull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a test's pool was built with: one worker, and nothing else unless the test says so. */
final class GivenSettings {
  final Map<String, String> environment = new LinkedHashMap<>();
  List<String> jvmArgs = List.of();
  List<String> systemProperties = List.of();
  List<Path> classPath;
  Path workingDirectory;
  long heap;
  Duration taskTimeout;
  Duration cancelGrace = Duration.ZERO;
  int queueTasks = 1;
  long queueBytes = 1;
  Appendable output = System.out;
  Appendable errors = System.err;

  Settings settings() {
    return new Settings(
        1,
        Integer.MAX_VALUE,
        taskTimeout,
        cancelGrace,
        Duration.ofSeconds(60),
        null,
        null,
        heap,
        jvmArgs,
        classPath,
        environment,
        systemProperties,
        workingDirectory,
        queueTasks,
        queueBytes,
        WhenFull.BLOCK,
        null,
        output,
        errors,
        PoolInstruments.NONE);
  }
}

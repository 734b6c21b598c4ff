package dev.segue.compare.workload;

import dev.segue.compare.Report;
import dev.segue.compare.WorkloadException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A workload that is ready to be compared, with whatever it needs meanwhile: a server, a database,
 * a folder with its compiled classes. Confined to one thread.
 */
public final class Subject implements AutoCloseable {
  private final String title;
  private final String className;
  private final List<Path> classPath;
  private final Map<String, String> hidden;
  private final Surroundings surroundings;

  private Subject(
      String title,
      String className,
      List<Path> classPath,
      Map<String, String> hidden,
      Surroundings surroundings) {
    this.title = title;
    this.className = className;
    this.classPath = List.copyOf(classPath);
    this.hidden = Map.copyOf(hidden);
    this.surroundings = surroundings;
  }

  /**
   * Opens a workload: a ready-made one by its name, the one in a source file, which is compiled, or
   * a class.
   *
   * @param name the name, a file whose name ends in {@code .java}, or a class
   * @param classPath folders and jars for the file or the class
   * @param progress is told what takes long
   * @return the workload, to be closed
   * @throws WorkloadException if there is none, or something is wrong with it
   * @throws IOException if its surroundings cannot be made
   * @throws InterruptedException if interrupted while its libraries are fetched
   */
  public static Subject open(String name, List<Path> classPath, Consumer<String> progress)
      throws WorkloadException, IOException, InterruptedException {
    var readyMade = ReadyMade.of(name);
    if (readyMade.isPresent()) {
      var surroundings = readyMade.get().surroundings();
      return new Subject(
          name,
          readyMade.get().type().getName(),
          classPath,
          surroundings.parameters(),
          surroundings);
    } else if (name.endsWith(".java")) {
      return ofSource(new SourceFile(Path.of(name)), classPath, progress);
    } else if (name.contains(File.separator) || Files.exists(Path.of(name))) {
      throw new WorkloadException(
          name + " is not a Java source file: its name does not end in .java");
    }
    var type = WorkloadClass.named(name, classPath);
    return new Subject(
        type.getSimpleName(), type.getName(), classPath, Map.of(), Surroundings.NONE);
  }

  private static Subject ofSource(SourceFile file, List<Path> classPath, Consumer<String> progress)
      throws WorkloadException, IOException, InterruptedException {
    file.check();
    var folder = new TemporaryFolder();
    try {
      var whole = file.compile(folder.path(), classPath, progress);
      var type = WorkloadClass.in(folder.path().resolve("classes"), whole, file.name());
      return new Subject(type.getSimpleName(), type.getName(), whole, Map.of(), folder);
    } catch (Throwable e) {
      try {
        folder.close();
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  /** The names of the ready-made workloads, for a message. */
  static String readyMadeNames() {
    return Arrays.stream(ReadyMade.values()).map(ReadyMade::id).collect(Collectors.joining(", "));
  }

  /**
   * Returns the name of the class.
   *
   * @return its binary name
   */
  public String className() {
    return className;
  }

  /**
   * Returns where the class is, besides the class path of this JVM.
   *
   * @return folders and jars
   */
  public List<Path> classPath() {
    return classPath;
  }

  /**
   * Returns what to tell the workload.
   *
   * @param given what the user tells it
   * @return that, and where its surroundings are
   */
  public Map<String, String> parameters(Map<String, String> given) {
    var all = new HashMap<>(hidden);
    all.putAll(given);
    return all;
  }

  /**
   * Returns a report as the user should see it: under the name of the workload, and without what
   * only says where its surroundings were.
   *
   * @param report what was measured
   * @return the report to show
   */
  public Report titled(Report report) {
    var parameters = new HashMap<>(report.parameters());
    parameters.keySet().removeAll(hidden.keySet());
    return new Report(
        title,
        parameters,
        report.workers(),
        report.rate(),
        report.at(),
        report.machine(),
        report.complete(),
        report.points());
  }

  /**
   * Ends what the workload needed, and leaves nothing behind.
   *
   * @throws IOException if that cannot be done
   */
  @Override
  public void close() throws IOException {
    surroundings.close();
  }
}

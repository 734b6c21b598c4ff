package dev.segue.compare.workload;

import dev.segue.compare.WorkloadException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** A Java file of the user's, and how it is compiled. */
record SourceFile(Path path) {
  String name() {
    return path.getFileName().toString();
  }

  void check() throws WorkloadException {
    if (Files.isDirectory(path)) {
      throw new WorkloadException(path + " is a folder; name the source file in it");
    } else if (Files.notExists(path)) {
      throw new WorkloadException(
          "there is no file "
              + path
              + "; 'segue compare --init "
              + name().replace(".java", "")
              + "' writes one to start from");
    } else if (!Files.isReadable(path)) {
      throw new WorkloadException(path + " cannot be read");
    }
  }

  /**
   * Compiles it into the folder {@code classes} in this one.
   *
   * @return where its classes are, and all that they need
   */
  List<Path> compile(Path folder, List<Path> classPath, Consumer<String> progress)
      throws WorkloadException, IOException, InterruptedException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new WorkloadException(
          "this Java has no compiler: " + System.getProperty("java.home") + " is not a JDK");
    }
    var dependencies = Dependencies.of(name(), text());
    var libraries = new ArrayList<>(classPath);
    libraries.addAll(dependencies.resolve("mvn", folder, progress));
    var classes = Files.createDirectory(folder.resolve("classes"));
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    try (var files = compiler.getStandardFileManager(diagnostics, null, null)) {
      var options = List.of("-d", classes.toString(), "-cp", joined(libraries), "-proc:none", "-g");
      var task =
          compiler.getTask(null, files, diagnostics, options, null, files.getJavaFileObjects(path));
      if (!task.call()) {
        throw new WorkloadException(name() + " does not compile:\n" + errors(diagnostics));
      }
    }
    libraries.addFirst(classes);
    return libraries;
  }

  private String text() throws IOException, WorkloadException {
    try {
      return Files.readString(path);
    } catch (CharacterCodingException _) {
      throw new WorkloadException(path + " is not a text in UTF-8");
    }
  }

  private static String errors(DiagnosticCollector<JavaFileObject> diagnostics) {
    return diagnostics.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .map(Object::toString)
        .collect(Collectors.joining("\n"));
  }

  /** With the class path of this JVM, which has the interface that the file implements. */
  private static String joined(List<Path> libraries) {
    var all = new ArrayList<>(libraries.stream().map(Path::toString).toList());
    all.add(System.getProperty("java.class.path"));
    return String.join(File.pathSeparator, all);
  }
}

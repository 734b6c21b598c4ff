package dev.segue.compare.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.compare.Machine;
import dev.segue.compare.Parameters;
import dev.segue.compare.Report;
import dev.segue.compare.Workload;
import dev.segue.compare.WorkloadException;
import dev.segue.futures.SerializableCallable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users' workloads: their files and classes. */
@Timeout(60)
class SubjectTest {
  private static final String HEAD =
      """
      import dev.segue.compare.*;
      import dev.segue.futures.SerializableCallable;
      import java.util.List;
      """;

  private static final String BODY =
      """
      implements Workload<Integer> {
        public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
          return List.of(() -> 42);
        }
      """;

  @TempDir private Path folder;

  private Path write(String name, String source) throws Exception {
    return Files.writeString(folder.resolve(name), source);
  }

  private static Subject open(Path file, Path... classPath) throws Exception {
    return Subject.open(file.toString(), List.of(classPath), _ -> {});
  }

  private static void assertRefused(Path file, String... words) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(WorkloadException.class)
        .message()
        .contains(words);
  }

  /** Makes the jobs as a child JVM does, and runs the first. */
  private static Object firstResult(Subject subject) throws Exception {
    var urls = new URL[subject.classPath().size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = subject.classPath().get(i).toUri().toURL();
    }
    try (var loader = new URLClassLoader(urls)) {
      var constructor = Class.forName(subject.className(), true, loader).getDeclaredConstructor();
      constructor.setAccessible(true);
      var workload = (Workload<?>) constructor.newInstance();
      return workload.jobs(new Parameters(Map.of())).getFirst().call();
    }
  }

  // --- files

  @Test
  void aFileIsCompiledAndItsWorkloadFound() throws Exception {
    var file = write("MyJob.java", HEAD + "class Other {} public class MyJob " + BODY + "}");
    Path classes;
    try (var subject = open(file)) {
      assertThat(subject.className()).isEqualTo("MyJob");
      assertThat(firstResult(subject)).isEqualTo(42);
      classes = subject.classPath().getFirst();
      assertThat(classes).isNotEmptyDirectory();
    }
    assertThat(Files.exists(classes.getParent())).isFalse();
  }

  @Test
  void aFileMayBeInAPackage() throws Exception {
    var file = write("MyJob.java", "package my.jobs;\n" + HEAD + "class MyJob " + BODY + "}");
    try (var subject = open(file)) {
      assertThat(subject.className()).isEqualTo("my.jobs.MyJob");
      assertThat(firstResult(subject)).isEqualTo(42);
    }
  }

  @Test
  void anAbstractWorkloadBesideItIsNoSecondOne() throws Exception {
    var file =
        write("MyJob.java", HEAD + "abstract class Base " + BODY + "} class MyJob extends Base {}");
    try (var subject = open(file)) {
      assertThat(subject.className()).isEqualTo("MyJob");
    }
  }

  @Test
  void aFileUsesTheClassPath() throws Exception {
    var library = Files.createDirectory(folder.resolve("library"));
    Files.createDirectory(library.resolve("lib"));
    var source =
        Files.writeString(
            library.resolve("lib/Answer.java"),
            "package lib; public class Answer { public static int get() { return 7; } }");
    ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-d", library.toString(), source.toString());
    Files.delete(source);
    var file =
        write("MyJob.java", HEAD + "class MyJob " + BODY.replace("42", "lib.Answer.get()") + "}");
    try (var subject = open(file, library)) {
      assertThat(firstResult(subject)).isEqualTo(7);
    }
    assertRefused(file, "MyJob.java does not compile", "package lib does not exist");
  }

  @Test
  void whatDoesNotCompileIsSaidWithLineAndSource() throws Exception {
    var file = write("MyJob.java", HEAD + "class MyJob " + BODY + "  int x = \"text\";\n}");
    assertRefused(
        file,
        "MyJob.java does not compile:\n",
        "MyJob.java:8: error: incompatible types: ",
        "\n  int x = \"text\";\n          ^");
  }

  @Test
  void aFileWithoutAWorkloadSaysHowToGetOne() throws Exception {
    assertRefused(
        write("MyJob.java", "class MyJob {}"),
        "MyJob.java has no class that implements dev.segue.compare.Workload",
        "segue compare --init NAME");
  }

  @Test
  void aFileWithTwoWorkloadsNamesThem() throws Exception {
    assertRefused(
        write("MyJob.java", HEAD + "class One " + BODY + "} class Two " + BODY + "}"),
        "MyJob.java has more than one workload: One, Two");
  }

  @Test
  void aWorkloadNeedsAConstructorWithoutParameters() throws Exception {
    assertRefused(
        write("MyJob.java", HEAD + "class MyJob " + BODY + "MyJob(int x) {} }"),
        "class MyJob has no constructor without parameters");
    assertRefused(
        write("MyJob.java", HEAD + "class MyJob " + BODY + "private MyJob() {} }"),
        "the constructor of class MyJob is private");
    assertRefused(
        write("MyJob.java", HEAD + "class Outer { class MyJob " + BODY + "} }"),
        "class Outer$MyJob has no constructor without parameters",
        "make the class static");
  }

  @Test
  void aFileThatIsMissingOrNoTextIsSaid() throws Exception {
    assertRefused(folder.resolve("No.java"), "there is no file ", "segue compare --init No'");
    assertRefused(write("notes.txt", ""), "notes.txt is not a Java source file");
    assertRefused(Files.createDirectory(folder.resolve("F.java")), "F.java is a folder");
    var bytes = Files.write(folder.resolve("Bytes.java"), new byte[] {(byte) 0xff});
    assertRefused(bytes, "Bytes.java is not a text in UTF-8");
  }

  // --- classes

  /** A workload on the class path. */
  static final class Compiled implements Workload<Integer> {
    @Override
    public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
      return List.of(() -> 42);
    }
  }

  private static Subject openClass(String name) throws Exception {
    return Subject.open(name, List.of(), _ -> {});
  }

  @Test
  void aClassOnTheClassPathIsFoundByItsName() throws Exception {
    try (var subject = openClass(Compiled.class.getName())) {
      assertThat(subject.className()).isEqualTo(Compiled.class.getName());
      assertThat(firstResult(subject)).isEqualTo(42);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "no.such.Type", "sort.java.lang"})
  void anUnknownNameIsAnsweredWithWhatThereIs(String name) {
    assertThatThrownBy(() -> openClass(name))
        .isInstanceOf(WorkloadException.class)
        .hasMessageStartingWith("there is no workload '" + name + "'")
        .hasMessageContaining("delays, sort, http");
  }

  @Test
  void aClassThatIsNoWorkloadIsSaid() {
    assertThatThrownBy(() -> openClass("java.lang.String"))
        .hasMessage("class java.lang.String does not implement dev.segue.compare.Workload");
    assertThatThrownBy(() -> openClass("dev.segue.compare.Workload"))
        .hasMessage("class dev.segue.compare.Workload is abstract");
  }

  // --- what the user sees

  @Test
  void aReportHasTheNameOfTheWorkloadAndNotWhereItsSurroundingsWere() throws Exception {
    try (var subject = openClass("http")) {
      var used = subject.parameters(Map.of("jobs", "3"));
      assertThat(used).containsKeys("jobs", HttpSite.PARAMETER);
      var machine = new Machine(2, "JDK", "Linux");
      var report =
          subject.titled(
              new Report(subject.className(), used, 2, 0, Instant.EPOCH, machine, true, List.of()));
      assertThat(report.workload()).isEqualTo("http");
      assertThat(report.parameters()).isEqualTo(Map.of("jobs", "3"));
    }
  }

  // --- the template

  @Test
  void theTemplateRunsAtOnce() throws Exception {
    var file = Template.write("MyJob", folder);
    assertThat(file).isEqualTo(folder.resolve("MyJob.java"));
    try (var subject = open(file)) {
      assertThat(subject.className()).isEqualTo("MyJob");
      assertThat(firstResult(subject)).asString().startsWith("job 0: ");
    }
  }

  @Test
  void theTemplateOverwritesNothing() throws Exception {
    var file = write("MyJob.java", "mine");
    assertThatThrownBy(() -> Template.write("MyJob.java", folder))
        .isInstanceOf(WorkloadException.class)
        .hasMessageEndingWith("MyJob.java exists already, and is left as it is");
    assertThat(file).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"My Job", "1st", "", "class", "a/b", "my.Job"})
  void theNameMustBeOneOfAClass(String name) {
    assertThatThrownBy(() -> Template.write(name, folder))
        .isInstanceOf(WorkloadException.class)
        .hasMessage("'" + name + "' cannot be the name of a class, as MyJob can");
    assertThat(folder).isEmptyDirectory();
  }
}

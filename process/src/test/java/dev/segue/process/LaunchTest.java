package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers find the program's classes, however it was started, or the pool says why not. */
@Timeout(180)
class LaunchTest {
  private static final String FOUND = "class:dev.segue.process.GivenSettings";
  private static final String GIVEN = "dev.segue.process.GivenSettings";

  /** With a space, as folders may have. */
  private Path folder;

  @BeforeEach
  void makeFolder(@TempDir Path parent) throws Exception {
    folder = Files.createDirectory(parent.toRealPath().resolve("a folder"));
  }

  /** Runs a program in the folder; returns what it and its worker print. */
  private List<String> java(String... options) throws Exception {
    return run("java", options);
  }

  private List<String> run(String tool, String... options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(Arrays.asList(options));
    var process = new ProcessBuilder(command).directory(folder.toFile());
    process.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "CLASSPATH"));
    return WorkerCommandTest.run(process);
  }

  private Path fatJar(String name, Map<String, String> attributes) throws Exception {
    return TestJars.jar(
        folder.resolve(name), attributes, TestJars.FUTURES, TestJars.PROCESS, TestJars.TESTS);
  }

  private void copyLoaderProbe() {
    TestJars.copyClass(LoaderProbe.class, folder.resolve("classes"));
    TestJars.copyClass(LoaderProbe.Opaque.class, folder.resolve("classes"));
  }

  private static String path(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  @Test
  void aFatJarWithWhatItsManifestAllows() throws Exception {
    fatJar(
        "app.jar",
        Map.of(
            "Main-Class", LaunchProbe.class.getName(),
            "Add-Opens", "java.base/java.lang java.base/no.such no.such/x",
            "Enable-Native-Access", "ALL-UNNAMED"));
    assertThat(java("-jar", "app.jar", FOUND, "opens:java.lang", "opens:java.util", "nativeAccess"))
        .containsExactly(GIVEN, "true", "false", "true");
  }

  @Test
  void relativeFoldersAndAnotherWorkingDirectory() throws Exception {
    TestJars.jar(folder.resolve("lib/segue.jar"), Map.of(), TestJars.FUTURES, TestJars.PROCESS);
    assertThat(
            java(
                "-Dprobe.folder=/",
                "-cp",
                "lib/segue.jar:" + folder.relativize(TestJars.TESTS),
                LaunchProbe.class.getName(),
                FOUND,
                "folder"))
        .containsExactly(GIVEN, "/");
  }

  @Test
  void aWildcardAndAnEmptyEntry() throws Exception {
    TestJars.jar(folder.resolve("lib/segue.jar"), Map.of(), TestJars.FUTURES, TestJars.PROCESS);
    run(
        "jar",
        "xf",
        TestJars.jar(folder.resolve("tests.jar"), Map.of(), TestJars.TESTS).toString());
    assertThat(
            java("-Dprobe.folder=/", "-cp", "lib/*:", LaunchProbe.class.getName(), FOUND, "folder"))
        .containsExactly(GIVEN, "/");
  }

  @Test
  void noClassPathIsTheCurrentFolder() throws Exception {
    fatJar("all.jar", Map.of());
    run("jar", "xf", "all.jar");
    assertThat(java("-Dprobe.folder=/", LaunchProbe.class.getName(), FOUND)).containsExactly(GIVEN);
  }

  @Test
  void aManifestThatNamesOtherJars() throws Exception {
    fatJar("lib/all.jar", Map.of());
    TestJars.jar(
        folder.resolve("app.jar"),
        Map.of("Class-Path", "lib/all.jar", "Main-Class", LaunchProbe.class.getName()));
    assertThat(java("-jar", "app.jar", FOUND)).containsExactly(GIVEN);
  }

  @Test
  void aModulePath() throws Exception {
    assertThat(
            java(
                "--module-path",
                path(List.of(TestJars.PROCESS, TestJars.FUTURES)),
                "--patch-module",
                "dev.segue.process=" + TestJars.TESTS,
                "-m",
                "dev.segue.process/dev.segue.process.LaunchProbe",
                FOUND,
                "module:" + GIVEN,
                "module:dev.segue.futures.WorkFuture"))
        .containsExactly(GIVEN, "module dev.segue.process", "module dev.segue.futures");
  }

  @Test
  void aModuleThatNeedsMoreThanSegueDoes() throws Exception {
    Files.writeString(
        Files.createDirectories(folder.resolve("src/app")).resolve("Main.java"),
        """
        package app;
        class Main {
          public static void main(String[] args) throws Exception {
            Class.forName("dev.segue.process.LaunchProbe")
                .getMethod("main", String[].class).invoke(null, (Object) args);
          }
        }
        """);
    Files.writeString(
        folder.resolve("src/module-info.java"),
        "module app { requires dev.segue.process; requires java.sql; }");
    var modules = path(List.of(TestJars.PROCESS, TestJars.FUTURES));
    run("javac", "-d", "app", "-p", modules, "src/module-info.java", "src/app/Main.java");
    assertThat(
            java(
                "-p",
                modules + ":app",
                "--patch-module=dev.segue.process=" + TestJars.TESTS,
                "-m",
                "app/app.Main",
                "module:app.Main",
                "module:java.sql.Connection"))
        .containsExactly("module app", "module java.sql");
  }

  @Test
  void aClassPathProgramThatUsesSegueAsAModule() throws Exception {
    Files.writeString(
        folder.resolve("Main.java"),
        """
        class Main {
          public static void main(String[] args) throws Exception {
            Class.forName("dev.segue.process.LaunchProbe")
                .getMethod("main", String[].class).invoke(null, (Object) args);
          }
        }
        """);
    run("javac", "-d", "classes", "Main.java");
    assertThat(
            java(
                "-Dprobe.folder=/",
                "-p",
                path(List.of(TestJars.PROCESS, TestJars.FUTURES)),
                "--add-modules=dev.segue.process",
                "--patch-module=dev.segue.process=" + TestJars.TESTS,
                "-cp",
                "classes",
                "Main",
                "module:dev.segue.futures.WorkFuture",
                "class:Main",
                "module:java.sql.Connection"))
        .containsExactly("module dev.segue.futures", "Main", "module java.sql");
  }

  /** The answers of a program that a plain URLClassLoader has loaded from there. */
  private List<String> loadedFrom(String url, String... questions) throws Exception {
    copyLoaderProbe();
    var command =
        new ArrayList<>(List.of("-cp", "classes", LoaderProbe.class.getName(), "plain", url));
    command.addAll(List.of(questions));
    return java(command.toArray(String[]::new));
  }

  @Test
  void theFilesOfAUrlClassLoader() throws Exception {
    var jar = fatJar("app.jar", Map.of());
    assertThat(loadedFrom(jar.toUri().toString(), FOUND, "class:dev.segue.process.LoaderProbe"))
        .containsExactly(GIVEN, LoaderProbe.class.getName());
  }

  @Test
  void aJarInAJarIsRefused() throws Exception {
    var jar = fatJar("app.jar", Map.of());
    assertThat(loadedFrom("jar:" + jar.toUri() + "!/", FOUND))
        .singleElement()
        .asString()
        .contains("java.net.URLClassLoader", "jar:" + jar.toUri() + "!/", "classPath(...)");
  }

  @Test
  void aLoaderThatCannotBeMadeAgainIsRefused() throws Exception {
    copyLoaderProbe();
    assertThat(
            java(
                "-cp",
                "classes",
                LoaderProbe.class.getName(),
                "opaque",
                fatJar("app.jar", Map.of()).toUri().toString(),
                FOUND))
        .singleElement()
        .asString()
        .contains(LoaderProbe.Opaque.class.getName(), "classPath(...)");
  }

  private static final String SUBMITS =
      """
      import dev.segue.futures.TaskNotSerializableException;
      import dev.segue.process.ProcessPoolExecutor;

      class Submits {
        static Integer six() { return 6; }
        public static void main(String[] args) throws Exception {
          try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).build()) {
            pool.submit(Submits::six);
          } catch (TaskNotSerializableException e) {
            System.out.println(e.getMessage());
          }
        }
      }
      """;

  @Test
  void aTaskThatWasCompiledInMemoryIsRefused() throws Exception {
    Files.writeString(folder.resolve("Submits.java"), SUBMITS);
    assertThat(java("-cp", path(TestJars.all()), "Submits.java"))
        .singleElement()
        .asString()
        .contains("Submits was compiled in memory", "javac");
  }

  @Test
  void aTaskOfJshellIsRefused() throws Exception {
    Files.writeString(
        folder.resolve("script"), SUBMITS + "\nSubmits.main(new String[0]);\n/exit\n");
    assertThat(
            run(
                "jshell",
                "-J-Djava.util.prefs.userRoot=" + folder,
                "--class-path",
                path(TestJars.all()),
                "script"))
        .last()
        .asString()
        .contains("Submits exists only inside jshell", "--class-path");
  }

  @Test
  void memoryCollectorsAndDebuggersAreEachJvmsOwn() throws Exception {
    var options =
        java(
                "-Xmx200m",
                "-XX:+UseParallelGC",
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y",
                "-Dmine=1",
                "-esa",
                "-ea:dev.segue...",
                "--add-exports",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-preview",
                "-cp",
                path(TestJars.all()),
                LaunchProbe.class.getName(),
                "options")
            .getFirst();
    assertThat(options)
        .contains(
            "-esa, -ea:dev.segue..., --add-exports=java.base/sun.nio.ch=ALL-UNNAMED,"
                + " --enable-preview")
        .doesNotContain("-Xmx", "Parallel", "jdwp", "mine");
  }
}

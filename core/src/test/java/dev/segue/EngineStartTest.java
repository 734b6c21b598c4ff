package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import dev.segue.futures.Futures;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EngineStartTest {
  /** Prints a value from a loop, or why there is none. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) {
      try {
        System.out.println("value " + Async.run(() -> 42));
      } catch (IllegalStateException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  @Test
  @CarrierOnly(Difference.OPTION)
  void withoutTheOptionTheErrorNamesItForTheClassPath() throws Exception {
    try (var jvm = ChildJvm.java("-cp", ChildJvm.testClassPath(), Program.class.getName())) {
      assertThat(jvm.output())
          .contains("refused: ", "--add-opens java.base/java.lang=ALL-UNNAMED", "Add-Opens");
    }
  }

  @Test
  @CarrierOnly(Difference.OPTION)
  void withoutTheOptionTheErrorNamesItForTheModulePath(@TempDir Path folder) throws Exception {
    try (var jvm = modular(folder)) {
      assertThat(jvm.output()).contains("refused: ", "--add-opens java.base/java.lang=dev.segue");
    }
  }

  @Test
  void theNamedOptionIsEnoughOnTheModulePath(@TempDir Path folder) throws Exception {
    try (var jvm = modular(folder, "--add-opens=java.base/java.lang=dev.segue")) {
      assertThat(jvm.output()).isEqualTo("value 42");
    }
  }

  @Test
  void aManifestCanOpenThePackageInstead(@TempDir Path folder) throws Exception {
    var jar = folder.resolve("program.jar");
    var manifest = new Manifest();
    var attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Program.class.getName());
    attributes.putValue("Add-Opens", "java.base/java.lang");
    attributes.put(Attributes.Name.CLASS_PATH, urls(ChildJvm.testClassPath()));
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    try (var jvm = ChildJvm.java("-jar", jar.toString())) {
      assertThat(jvm.output()).isEqualTo("value 42");
    }
  }

  @Test
  void withoutTheOptionTheErrorNamesTheOtherEngine() throws Exception {
    try (var jvm = ChildJvm.java("-cp", ChildJvm.testClassPath(), Program.class.getName())) {
      assertThat(jvm.output()).contains("-Dsegue.engine=portable");
    }
  }

  @Test
  void thePortableEngineNeedsNoOption() throws Exception {
    try (var jvm =
        ChildJvm.java(
            "-Dsegue.engine=portable", "-cp", ChildJvm.testClassPath(), Program.class.getName())) {
      assertThat(jvm.output()).isEqualTo("value 42");
    }
  }

  @Test
  void thePortableEngineReachesIntoNothing() throws Exception {
    try (var jvm =
        ChildJvm.java(
            "-Dsegue.engine=portable",
            "-verbose:class",
            "-cp",
            ChildJvm.testClassPath(),
            Program.class.getName())) {
      assertThat(jvm.output())
          .contains("value 42", "dev.segue.PortableEngine")
          .doesNotContain("dev.segue.CarrierEngine");
    }
  }

  @Test
  void thePortableEngineNeedsNoOptionOnTheModulePath(@TempDir Path folder) throws Exception {
    try (var jvm = modular(folder, "-Dsegue.engine=portable")) {
      assertThat(jvm.output()).isEqualTo("value 42");
    }
  }

  @Test
  void anEngineThatDoesNotExistIsRefused() throws Exception {
    try (var jvm =
        ChildJvm.java(
            "-Dsegue.engine=fast", "-cp", ChildJvm.testClassPath(), Program.class.getName())) {
      assertThat(jvm.output())
          .contains("refused: ", "segue.engine is 'fast'", "carrier or portable");
    }
  }

  private static String urls(String classPath) {
    var urls = new StringBuilder();
    for (var entry : classPath.split(File.pathSeparator)) {
      urls.append(Path.of(entry).toUri()).append(' ');
    }
    return urls.toString().strip();
  }

  /** A module that requires core, compiled and started. */
  private static ChildJvm modular(Path folder, String... options) throws Exception {
    var source = Files.createDirectories(folder.resolve("src/app"));
    Files.writeString(folder.resolve("src/module-info.java"), "module app { requires dev.segue; }");
    Files.writeString(
        source.resolve("Main.java"),
        """
        package app;
        public class Main {
          public static void main(String[] args) {
            try {
              System.out.println("value " + dev.segue.Async.run(() -> 42));
            } catch (IllegalStateException e) {
              System.out.println("refused: " + e.getMessage());
            }
          }
        }
        """);
    var classes = folder.resolve("classes");
    int result =
        javax.tools.ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-p",
                modules() + File.pathSeparator + jspecify(),
                "-d",
                classes.toString(),
                folder.resolve("src/module-info.java").toString(),
                source.resolve("Main.java").toString());
    assertThat(result).isZero();
    var arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-p", classes + File.pathSeparator + modules(), "-m", "app/app.Main"));
    return ChildJvm.java(arguments.toArray(String[]::new));
  }

  /** The folders or jars of core and of the module that it requires, as a module path. */
  private static String modules() {
    return Stream.of(EventLoop.class, Futures.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
        .map(location -> Path.of(URI.create(location.toString())).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String jspecify() {
    for (var entry : ChildJvm.testClassPath().split(File.pathSeparator)) {
      if (entry.contains("jspecify")) {
        return entry;
      }
    }
    throw new AssertionError("no jspecify on the class path");
  }
}

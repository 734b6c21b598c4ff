package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code segue run}, by the script {@code ./segue} in a checkout that is built. */
@Timeout(60)
class RunCommandTest {
  private static final Path SEGUE = Path.of("..").toAbsolutePath().normalize();

  @TempDir static Path checkout;
  @TempDir Path folder;

  private record Ended(int exitCode, String out, String err) {}

  /** The scripts as they are, and for the jar one that refers to the classes under test. */
  @BeforeAll
  static void build() throws IOException {
    Files.createDirectories(checkout.resolve("scripts"));
    Files.createDirectories(checkout.resolve("cli/target"));
    Files.createDirectories(
        checkout.resolve("cli/src/main")); // what the script looks for changes in
    Files.createDirectories(checkout.resolve("bench/peers"));
    Files.createFile(checkout.resolve("pom.xml"));
    Files.createFile(checkout.resolve("cli/pom.xml"));
    for (var script : List.of("segue", "scripts/jdk.sh")) {
      Files.copy(SEGUE.resolve(script), checkout.resolve(script));
    }
    var manifest = new Manifest();
    var attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    attributes.put(new Attributes.Name("Premain-Class"), ReportAgent.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    var jar = checkout.resolve("cli/target/segue.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  private Process start(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(checkout.resolve("segue").toString(), "run"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("SEGUE_JAVA", System.getProperty("java.home"));
    return builder.start();
  }

  private Ended run(String... arguments) throws Exception {
    var process = start(arguments);
    try (var in = process.outputWriter()) {
      in.write("from the standard input\n");
    }
    var out = process.inputReader().readAllAsString();
    var err = process.errorReader().readAllAsString();
    return new Ended(process.waitFor(), out, err);
  }

  private void write(String name, String source) throws IOException {
    Files.writeString(folder.resolve(name), source);
  }

  @Test
  void aProgramUsesSegueItsArgumentsAndTheStandardInput() throws Exception {
    write(
        "Echo.java",
        """
        import dev.segue.Async;

        void main(String... args) {
          Async.run(() -> IO.println(List.of(args) + " " + IO.readln()));
        }
        """);
    assertThat(run("Echo.java", "two words", "", "--jvm", "*"))
        .isEqualTo(new Ended(0, "[two words, , --jvm, *] from the standard input\n", ""));
  }

  @Test
  void theExitCodeIsThePrograms() throws Exception {
    write("Exit.java", "void main() { System.exit(42); }");
    assertThat(run("Exit.java")).isEqualTo(new Ended(42, "", ""));
  }

  @Test
  void optionsForTheJvmComeBeforeTheFile() throws Exception {
    write(
        "Properties.java",
        """
        void main(String... args) {
          IO.println(System.getProperty("a") + System.getProperty("b") + List.of(args));
        }
        """);
    assertThat(run("--jvm", "-Da=one option", "--jvm=-Db=2", "Properties.java", "last"))
        .isEqualTo(new Ended(0, "one option2[last]\n", ""));
  }

  @Test
  @DisabledWhereSigintIsIgnored
  void ctrlCReachesTheProgram() throws Exception {
    write(
        "Sleeper.java",
        """
        import dev.segue.*;

        void main() {
          try {
            EventLoop.builder().handleSignals(true).build().run(() -> {
              IO.println("sleeps");
              Async.sleep(Duration.ofMinutes(1));
            });
          } catch (Cancelled e) {
            IO.println(e.reason());
            System.exit(7);
          }
        }
        """);
    var process = start("Sleeper.java");
    try (var out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("sleeps");
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      assertThat(out.readLine()).isEqualTo("received SIGINT");
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(7);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aReportHasTheLostUpdateOfAProgramThatKnowsNothingOfIt() throws Exception {
    write(
        "Count.java",
        """
        int count = 0;

        void main() throws Exception {
          var barrier = new CyclicBarrier(2);
          for (int i = 0; i < 2; i++) {
            Thread.ofPlatform().name("counter-" + i).start(() -> {
              int old = count;
              meet(barrier);
              count = old + 1;
            });
          }
        }

        void meet(CyclicBarrier barrier) {
          try {
            barrier.await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
        """);
    assertThat(run("--report", "out.html", "Count.java"))
        .isEqualTo(new Ended(0, "", "Wrote out.html: 1 finding.\n"));
    assertThat(folder.resolve("out.html")).content().startsWith("<!doctype html>");
    assertThat(run("--report=no/out.html", "Count.java"))
        .isEqualTo(
            new Ended(
                0,
                "",
                "segue run: cannot write the report to no/out.html:"
                    + " java.nio.file.NoSuchFileException: no/out.html\n"));
  }

  @Test
  void aProgramThatDoesNotCompileExitsWith1() throws Exception {
    write("Broken.java", "void main() { nonsense }");
    var ended = run("Broken.java");
    assertThat(ended.err()).contains("Broken.java:1: error: ");
    assertThat(ended.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Missing.java            | there is no file Missing.java",
        "Missing.java --x        | there is no file Missing.java",
        ".                       | . is a folder; name the source file in it that has the main",
        "notes.txt               | notes.txt is not a Java source file: its name does not end in",
        "--jmv -ea Missing.java  | Unknown options: '--jmv', '-ea'",
        "--jvm -ea               | Missing required parameter: 'FILE.java'",
      })
  void aWrongCommandLineIsOneClearLineAndExitsWith2(String arguments, String message)
      throws Exception {
    write("notes.txt", "");
    var ended = run(arguments.split(" "));
    assertThat(ended.err()).startsWith("segue run: ").contains(message).hasLineCount(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.exitCode()).isEqualTo(2);
  }

  @Test
  void helpHasExamplesAndTheExitCodes() throws Exception {
    var ended = run("--help");
    assertThat(ended.out())
        .contains(
            "segue run [-hV] [--report=FILE] [--jvm=OPTION]... FILE.java [ARGUMENT...]",
            "Drinks.java")
        .containsPattern("130 +ended by Ctrl-C");
    assertThat(ended.exitCode()).isZero();
  }

  @Test
  void withoutTheScriptItSaysHowToStartTheProgram() throws IOException {
    write("Exit.java", "void main() { System.exit(42); }");
    var cli = Cli.run("run", folder.resolve("Exit.java").toString());
    assertThat(cli.err()).contains("only the script ./segue starts programs", "--add-opens");
    assertThat(cli.exitCode()).isEqualTo(2);
  }
}

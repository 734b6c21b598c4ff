package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says is what the JVM says. */
@Timeout(60)
class JvmOptionsTest {
  @TempDir Path folder;

  /** A program that prints the options as both tell them. */
  static final class Probe {
    public static void main(String[] args) {
      System.out.println(JvmOptions.ofCommandLine());
      System.out.println(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }
  }

  private static List<String> probe(String variable, String... options) throws Exception {
    var command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java") + ""));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeAll(UserOptions.VARIABLES);
    if (!variable.isEmpty()) {
      builder.environment().put(variable, "-Dgiven=1");
    }
    return WorkerCommandTest.run(builder);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void optionsOfEveryFormAreReadFromTheCommandLine() throws Exception {
    var said =
        probe(
            "",
            "-ea",
            "-Da.b=c d",
            "-Dempty=",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-modules",
            "java.sql",
            "--enable-native-access",
            "ALL-UNNAMED",
            "--enable-preview");
    assertThat(said.getFirst()).isEqualTo(said.getLast()).contains("-Da.b=c d");
  }

  @Test
  void optionsOfAFileOrAVariableAreAskedOfTheJvm() throws Exception {
    var file = Files.writeString(folder.resolve("options"), "-Dgiven=1");
    assertThat(probe("", "@" + file).getFirst()).isEqualTo("null");
    for (var variable : UserOptions.VARIABLES) {
      assertThat(probe(variable)).contains("null"); // beside what the JVM says of it
    }
    assertThat(JvmOptions.options("java", "-XX:VMOptionsFile=x", "Main")).isNull();
    assertThat(JvmOptions.options("java", "-XX:Flags=x", "Main")).isNull();
  }

  @Test
  void anOptionThatMayHaveAValueIsAskedOfTheJvm() {
    assertThat(JvmOptions.options("java", "--new-option", "-Dvalue", "Main")).isNull();
  }

  @Test
  void whatFollowsTheProgramIsNoOption() throws IOException {
    assertThat(JvmOptions.options("java", "-Da", "Main", "-Db", "@c")).containsExactly("-Da");
    assertThat(JvmOptions.options("java", "-jar", "a.jar", "-Db")).isEmpty();
    assertThat(JvmOptions.options("java", "-p", "x", "-m", "a/b", "-Db"))
        .containsExactly("--module-path=x");
  }
}

package dev.segue.explored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plants faults in core, one at a time, and has the promises find them: {@code evidence/run
 * mutants}. Fails if one survives that is not said to be equivalent, or one that is said to be is
 * found.
 */
class Mutants {
  @TempDir Path folder;

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void areFound() throws Exception {
    var wrong = new ArrayList<String>();
    var only = System.getProperty("segue.mutants", "");
    System.out.printf("%-86s %-40s %s%n", "fault", "found by exploring", "by 1,000 ordinary runs");
    for (var mutant : Mutant.all()) {
      if (!mutant.toString().contains(only)) {
        continue;
      }
      compile(mutant);
      String explored;
      String repeated;
      try (var exploring = trial("explore");
          var repeating = trial("repeat")) {
        explored = exploring.line("found");
        repeated = repeating.line("found");
      }
      boolean found = !explored.equals("nothing");
      if (found != mutant.equivalent().isEmpty()) {
        wrong.add(mutant + (found ? " is found" : " survives"));
      }
      System.out.printf(
          Locale.ROOT,
          "%-86s %-40s %s%n",
          mutant,
          found || mutant.equivalent().isEmpty() ? explored : "nothing, as it is equivalent",
          repeated);
    }
    assertThat(wrong).isEmpty();
  }

  /** Compiles the class with the fault, to stand before core's own. */
  private void compile(Mutant mutant) throws IOException {
    try (var old = Files.walk(folder)) {
      for (var file : old.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    var source = folder.resolve(mutant.type() + ".java");
    Files.writeString(source, mutant.source());
    var errors = new StringWriter();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                errors,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-nowarn",
                    "-d",
                    folder.toString(),
                    "-cp",
                    ChildJvm.testClassPath()),
                null,
                ToolProvider.getSystemJavaCompiler()
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjects(source))
            .call();
    if (!compiled) {
      throw new AssertionError(mutant + " does not compile:\n" + errors);
    }
  }

  private ChildJvm trial(String how) throws IOException {
    return ChildJvm.of(MutantTrial.class)
        .classPath(folder + File.pathSeparator + ChildJvm.testClassPath())
        .arguments(how)
        .start();
  }
}

package dev.segue.explored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    refuseToFindWhatIsNotThere();
    System.out.printf("%-86s %-40s %s%n", "fault", "found by exploring", "by 1,000 ordinary runs");
    for (var mutant : Mutant.all()) {
      if (!mutant.toString().contains(only)) {
        continue;
      }
      compile(Map.of(mutant.type(), mutant.source()));
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

  /** That a class has been compiled here, and stands elsewhere, is no fault. */
  private void refuseToFindWhatIsNotThere() throws IOException, InterruptedException {
    var sources = new HashMap<String, String>();
    for (var mutant : Mutant.all()) {
      sources.put(mutant.type(), Files.readString(mutant.original()));
    }
    compile(sources);
    try (var exploring = trial("explore")) {
      assertThat(exploring.line("found")).isEqualTo("nothing");
    }
  }

  /** Compiles some of core's classes, to stand before core's own. */
  private void compile(Map<String, String> sources) throws IOException {
    try (var old = Files.walk(folder)) {
      for (var file : old.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    var files = new ArrayList<Path>();
    for (var source : sources.entrySet()) {
      files.add(Files.writeString(folder.resolve(source.getKey() + ".java"), source.getValue()));
    }
    var options =
        List.of("-proc:none", "-nowarn", "-d", folder.toString(), "-cp", ChildJvm.testClassPath());
    var errors = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      if (!compiler.getTask(errors, manager, null, options, null, units).call()) {
        throw new AssertionError(sources.keySet() + " cannot be compiled:\n" + errors);
      }
    }
  }

  private ChildJvm trial(String how) throws IOException {
    return ChildJvm.of(MutantTrial.class)
        .classPath(folder + File.pathSeparator + ChildJvm.testClassPath())
        .arguments(how)
        .start();
  }
}

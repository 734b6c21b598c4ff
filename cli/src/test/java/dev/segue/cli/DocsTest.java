package dev.segue.cli;

import static dev.segue.fixtures.Snippets.classPath;
import static dev.segue.fixtures.Snippets.lines;
import static dev.segue.fixtures.Snippets.root;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.segue.fixtures.Snippets;
import dev.segue.fixtures.Snippets.Block;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documents: their Java compiles, their programs print what they say, their links lead
 * somewhere, and the classes that the architecture names exist.
 *
 * <p>{@link Snippets} says what a block {@code ```java} is, and {@link #AROUND} is around those
 * that are statements. A whole program {@code ```java run Name.java} is run too, with the JVM
 * options that follow its name, and must print the next {@code ```text} block. In that, {@code …}
 * stands for any text, a time of day for any other, and a number of milliseconds for any other.
 * What must not compile is fenced without {@code java}.
 */
@Timeout(120)
class DocsTest {
  /** What statements may use without saying so: Segue, the JDK, SLF4J, and some stand-ins. */
  private static final String AROUND =
      """
      import static dev.segue.Async.*;
      import dev.segue.*;
      import dev.segue.TaskGroup.*;
      import dev.segue.futures.*;
      import dev.segue.process.*;
      import java.net.*;
      import java.net.http.*;
      import java.nio.file.*;
      import org.slf4j.*;
      String fetch(String url) throws java.io.IOException { return url; }
      int load(int id) throws java.io.IOException { return id; }
      int read() { return 0; }
      void work() {}
      void save(Object value) {}
      void log(Object message) {}
      void main(String... args) throws Throwable {
      """;

  private static final List<String> JDK_PACKAGES =
      List.of("java.lang.", "java.util.", "java.util.concurrent.");

  private static final List<Path> DOCUMENTS = Snippets.documents();
  private static final List<Block> BLOCKS = Snippets.all();

  @TempDir static Path classes;

  private static String complaints;

  @BeforeAll
  static void compile() {
    var blocks =
        BLOCKS.stream().filter(Block::isJava).filter(block -> !block.needsCluster()).toList();
    assertThat(blocks).hasSizeGreaterThan(20);
    complaints = Snippets.compile(blocks, AROUND, classes);
  }

  @Test
  void everyJavaBlockCompiles() {
    assertThat(complaints).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> programsPrintWhatTheDocumentsSay() {
    var programs = BLOCKS.stream().filter(Block::isRun).toList();
    assertThat(programs).isNotEmpty();
    return programs.stream().map(program -> dynamicTest(program.place(), () -> check(program)));
  }

  private static void check(Block program) throws Exception {
    assumeTrue(complaints.isEmpty(), "everyJavaBlockCompiles says why");
    var next = BLOCKS.get(BLOCKS.indexOf(program) + 1);
    assertThat(next.words()).as("the block after " + program.place()).containsExactly("text");
    var output = run(program);
    for (int i = 0; i < 3 && isMissed(next.text(), output); i++) {
      output = run(program);
    }
    assertThat(output).matches(pattern(next.text()));
  }

  /**
   * Whether the watchdog got no processor for as long as the program held its loop, or the threads
   * that end sleeps got none for as long as one sleep is longer than another.
   */
  private static boolean isMissed(String expected, String output) {
    var report = "has been blocked for";
    return (expected.contains(report) && !output.contains(report))
        || !pattern(expected).matcher(output).matches() && drinks(output).equals(drinks(expected));
  }

  /** What was served, in whatever order. */
  private static List<String> drinks(String output) {
    return output.lines().map(line -> line.replaceFirst("^\\d+: ", "")).sorted().toList();
  }

  private static String run(Block program) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.addAll(program.words().subList(3, program.words().size()));
    command.addAll(List.of("-cp", classes + File.pathSeparator + classPath()));
    command.add(program.className());
    var output = classes.resolve(program.className() + ".out");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it has ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output);
  }

  private static Pattern pattern(String expected) {
    var pattern =
        Arrays.stream(expected.strip().split("(?=…)|(?<=…)"))
            .map(part -> part.equals("…") ? ".*" : Pattern.quote(part))
            .collect(joining())
            .replaceAll("\\d\\d:\\d\\d:\\d\\d", "\\\\E\\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d\\\\Q")
            .replaceAll("\\d+ ms\\b", "\\\\E\\\\d+ ms\\\\Q");
    return Pattern.compile(pattern + "\\s*", Pattern.DOTALL);
  }

  @TestFactory
  Stream<DynamicTest> classesNamedInTheArchitectureExist() throws IOException {
    var document = prose(root().resolve("docs/architecture.md"));
    var sources = sources();
    var name = Pattern.compile("`(?<type>[A-Z]\\w*[a-z]\\w*)(\\.(?<member>\\w+))?(\\(.*?\\))?`");
    return name.matcher(document)
        .results()
        .map(named ->
            dynamicTest(
                named.group(),
                () ->
                    assertThat(exists(named.group("type"), named.group("member"), sources))
                        .isTrue()));
  }

  private static boolean exists(String type, String member, Map<String, String> sources) {
    var source = sources.get(type);
    if (source != null) {
      return member == null || Pattern.compile("\\b" + member + "\\b").matcher(source).find();
    }
    return JDK_PACKAGES.stream().anyMatch(parent -> isInJdk(parent + type, member));
  }

  private static boolean isInJdk(String type, String member) {
    try {
      var methods = Class.forName(type).getMethods();
      return member == null || Arrays.stream(methods).anyMatch(it -> it.getName().equals(member));
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  /** The sources of all classes that have a file, by their names. */
  private static Map<String, String> sources() throws IOException {
    var sources = new HashMap<String, String>();
    try (var files = Files.walk(root())) {
      for (var file :
          files.filter(it -> it.toString().matches(".*/src/(main|test)/java/.*\\.java")).toList()) {
        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return sources;
  }

  @Test
  void relativeLinksLeadSomewhere() {
    var link = Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:src|srcset|href)=\"([^\"]+)\"");
    var broken = new ArrayList<String>();
    int links = 0;
    for (var document : DOCUMENTS) {
      var found = link.matcher(prose(document));
      while (found.find()) {
        var target = found.group(1) == null ? found.group(2) : found.group(1);
        if (!target.matches("(https?|mailto):.*")) {
          links++;
          if (!leadsSomewhere(document, target)) {
            broken.add(root().relativize(document) + ": " + target);
          }
        }
      }
    }
    assertThat(links).isPositive();
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path from, String target) {
    int hash = target.indexOf('#');
    var file = hash < 0 ? target : target.substring(0, hash);
    var to = file.isEmpty() ? from : from.resolveSibling(file).normalize();
    return Files.exists(to) && (hash < 0 || anchors(to).contains(target.substring(hash + 1)));
  }

  /** The anchors that a document's headings get. */
  private static Set<String> anchors(Path document) {
    var anchors = new HashSet<String>();
    for (var line : prose(document).lines().toList()) {
      if (line.startsWith("#")) {
        var heading = line.replaceFirst("#+ *", "").strip().toLowerCase(Locale.ROOT);
        anchors.add(heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
      }
    }
    return anchors;
  }

  /** A document without its fenced blocks. */
  private static String prose(Path document) {
    var prose = new StringBuilder();
    boolean fenced = false;
    for (var line : lines(document)) {
      if (line.startsWith("```")) {
        fenced = !fenced;
      } else if (!fenced) {
        prose.append(line).append('\n');
      }
    }
    return prose.toString();
  }
}

package dev.segue.explored;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A fault to be planted in one class of core's.
 *
 * @param type the class
 * @param what what is wrong then
 * @param equivalent why nobody can tell, as far as a program can see; empty if it can be told
 * @param changes what is changed in its source
 */
record Mutant(String type, String what, String equivalent, List<Change> changes) {
  private static final Path SOURCES = Path.of("..", "core", "src", "main", "java", "dev", "segue");
  private static final Path FILE = Path.of("src", "test", "mutants.txt");
  private static final Pattern TITLE = Pattern.compile("= (\\w+): (.+)");

  /** What is replaced, which occurs once, with whatever white space between its words. */
  record Change(String before, String after) {
    private String applyTo(String source, Mutant mutant) {
      var words = Arrays.stream(before.split("\\s+")).map(Pattern::quote);
      var found = Pattern.compile(words.collect(Collectors.joining("\\s+"))).matcher(source);
      if (found.results().count() != 1) {
        throw new IllegalStateException(
            "mutants.txt: \""
                + mutant.what
                + "\" is to replace one place of "
                + mutant.type
                + ".java, and finds "
                + found.reset().results().count()
                + ":\n"
                + before);
      }
      return found.reset().replaceFirst(Matcher.quoteReplacement(after));
    }
  }

  /** Reads them all. */
  static List<Mutant> all() throws IOException {
    var mutants = new ArrayList<Mutant>();
    for (var text : Files.readString(FILE).split("\n(?== )", -1)) {
      var title = TITLE.matcher(text);
      if (title.lookingAt()) {
        mutants.add(parse(title.group(1), title.group(2), text.lines().skip(1).toList()));
      }
    }
    return mutants;
  }

  private static Mutant parse(String type, String what, List<String> lines) {
    var equivalent = new StringBuilder();
    var changes = new ArrayList<Change>();
    var before = new StringBuilder();
    var after = new StringBuilder();
    for (var line : lines) {
      if (!line.startsWith("+") && !after.isEmpty()) {
        changes.add(new Change(before.toString().strip(), after.toString()));
        before.setLength(0);
        after.setLength(0);
      }
      switch (line.isEmpty() ? ' ' : line.charAt(0)) {
        case '~' -> equivalent.append(line.substring(1));
        case '-' -> before.append(line.substring(1)).append('\n');
        case '+' -> after.append(line.substring(1)).append('\n');
        case ' ' -> {}
        default -> throw new IllegalStateException("mutants.txt: what is \"" + line + "\"?");
      }
    }
    if (!before.isEmpty()) {
      changes.add(new Change(before.toString().strip(), after.toString()));
    }
    return new Mutant(type, what, equivalent.toString().strip(), List.copyOf(changes));
  }

  /** The file of its class. */
  Path original() {
    return SOURCES.resolve(type + ".java");
  }

  /** The source of its class, with the fault. */
  String source() throws IOException {
    var source = Files.readString(original());
    for (var change : changes) {
      source = change.applyTo(source, this);
    }
    return source;
  }

  @Override
  public String toString() {
    return type + ": " + what;
  }
}

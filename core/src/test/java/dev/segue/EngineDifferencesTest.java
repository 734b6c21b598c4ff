package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The table of differences in docs/engines.md is made from the tests that only one engine passes.
 * {@code mvn test -pl core -Dtest=EngineDifferencesTest -Dsegue.docs.write=true} makes it anew.
 */
class EngineDifferencesTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "engines.md");
  private static final String BEGIN = "<!-- The table is made by EngineDifferencesTest. -->\n";
  private static final String END = "<!-- End of the table. -->";

  @Test
  void theDocumentsListThem() throws IOException {
    var document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    assertThat(begin).isGreaterThanOrEqualTo(BEGIN.length()).isLessThanOrEqualTo(end);
    var wanted = document.substring(0, begin) + table() + document.substring(end);
    if (Boolean.getBoolean("segue.docs.write")) {
      Files.writeString(DOCUMENT, wanted);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(wanted);
  }

  private static String table() {
    var table = new StringBuilder("\n| carrier | portable | shown by |\n|---|---|---|\n");
    testsByDifference()
        .forEach((difference, tests) ->
            table
                .append("| ")
                .append(difference.carrier())
                .append(" | ")
                .append(difference.portable())
                .append(" | ")
                .append(String.join(", ", tests))
                .append(" |\n"));
    return table.append('\n').toString();
  }

  private static Map<Difference, List<String>> testsByDifference() {
    var found = new EnumMap<Difference, TreeSet<String>>(Difference.class);
    for (var difference : Difference.values()) {
      found.put(difference, new TreeSet<>());
    }
    // Fixtures are no tests, and some need libraries of other modules.
    for (var type :
        ReflectionSupport.findAllClassesInPackage(
            "dev.segue", _ -> true, name -> !name.startsWith("dev.segue.fixtures."))) {
      AnnotationSupport.findAnnotation(type, CarrierOnly.class)
          .ifPresent(only -> found.get(only.value()).add("`" + type.getSimpleName() + "`"));
      AnnotationSupport.findAnnotatedMethods(
              type, CarrierOnly.class, HierarchyTraversalMode.TOP_DOWN)
          .forEach(method ->
              found
                  .get(method.getAnnotation(CarrierOnly.class).value())
                  .add("`" + type.getSimpleName() + "." + method.getName() + "`"));
    }
    var lists = new EnumMap<Difference, List<String>>(Difference.class);
    found.forEach((difference, tests) -> {
      assertThat(tests).as("tests that show " + difference).isNotEmpty();
      lists.put(difference, new ArrayList<>(tests));
    });
    return lists;
  }
}

package dev.segue.compare.workload;

import dev.segue.compare.WorkloadException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The libraries that a source file asks for with lines {@code //DEPS group:artifact:version}, as
 * JBang has them. Maven finds them, and those that they need.
 *
 * @param file the name of the file
 * @param coordinates what it asks for, each matched by {@link #COORDINATES}
 */
record Dependencies(String file, List<Matcher> coordinates) {
  private static final Pattern LINE = Pattern.compile("//DEPS\\s+(.*)");
  private static final Pattern SEPARATOR = Pattern.compile("[\\s,;]+");
  private static final Pattern COORDINATES =
      Pattern.compile(
          "(?<group>[\\w.-]+):(?<artifact>[\\w.-]+):(?<version>[\\w.+-]+)"
              + "(:(?<classifier>[\\w.-]+))?(@(?<type>\\w+))?");

  private static final String PLUGIN =
      "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath";

  /**
   * Reads them.
   *
   * @throws WorkloadException if one is written wrongly
   */
  static Dependencies of(String file, String source) throws WorkloadException {
    var found = new ArrayList<Matcher>();
    var lines = source.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      var line = LINE.matcher(lines.get(i));
      if (line.matches()) {
        for (var word : SEPARATOR.splitAsStream(line.group(1).replaceFirst("//.*", "")).toList()) {
          var coordinates = COORDINATES.matcher(word);
          if (!coordinates.matches()) {
            throw new WorkloadException(
                "%s:%d: '%s' is not group:artifact:version".formatted(file, i + 1, word));
          }
          found.add(coordinates);
        }
      }
    }
    return new Dependencies(file, found);
  }

  /**
   * Has Maven find them.
   *
   * @param mvn how Maven is started
   * @param folder where to put files for Maven
   * @return the jars; empty if the file asks for none
   */
  List<Path> resolve(String mvn, Path folder, Consumer<String> progress)
      throws WorkloadException, IOException, InterruptedException {
    if (coordinates.isEmpty()) {
      return List.of();
    }
    progress.accept("asking Maven for the libraries of " + file);
    var pom = folder.resolve("pom.xml");
    var list = folder.resolve("class-path.txt");
    Files.writeString(pom, pom());
    var output = run(mvn, pom, list);
    if (Files.notExists(list)) {
      throw new WorkloadException(
          "Maven cannot find the libraries of " + file + ": " + reason(output));
    }
    return Arrays.stream(Files.readString(list).strip().split(File.pathSeparator))
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .toList();
  }

  private String run(String mvn, Path pom, Path list)
      throws WorkloadException, IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                mvn,
                "-B",
                "-q",
                "-f",
                pom.toString(),
                PLUGIN,
                "-Dmdep.outputFile=" + list,
                "-Dmdep.includeScope=runtime")
            .redirectErrorStream(true)
            .redirectOutput(pom.resolveSibling("maven.log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process maven;
    try {
      maven = builder.start();
    } catch (IOException e) {
      throw new WorkloadException(
          file
              + " has //DEPS, for which Maven is needed, and it cannot be started: "
              + e.getMessage());
    }
    try {
      maven.getOutputStream().close();
      maven.waitFor();
    } finally {
      maven.destroy();
    }
    return Files.readString(pom.resolveSibling("maven.log"));
  }

  /** What Maven said first that is an error, without what it was about to do. */
  private static String reason(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith("[ERROR]"))
        .findFirst()
        .map(line -> line.replaceFirst("^\\[ERROR\\] *", "").replaceFirst(" -> \\[Help.*", ""))
        .map(line -> line.substring(Math.max(0, line.lastIndexOf("Could not "))))
        .orElse(output.strip());
  }

  private String pom() {
    return """
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>dev.segue.compare</groupId>
      <artifactId>workload</artifactId>
      <version>1</version>
      <dependencyManagement><dependencies>
    %s  </dependencies></dependencyManagement>
      <dependencies>
    %s  </dependencies>
    </project>
    """
        .formatted(entries(true), entries(false));
  }

  /** Those that only name versions, as BOMs do, or the others. */
  private String entries(boolean boms) {
    return coordinates.stream()
        .filter(each -> "pom".equals(each.group("type")) == boms)
        .map(each ->
            "<dependency>"
                + element("groupId", each.group("group"))
                + element("artifactId", each.group("artifact"))
                + element("version", each.group("version"))
                + element("classifier", Objects.requireNonNullElse(each.group("classifier"), ""))
                + element("type", Objects.requireNonNullElse(each.group("type"), "jar"))
                + (boms ? element("scope", "import") : "")
                + "</dependency>\n")
        .collect(Collectors.joining());
  }

  private static String element(String name, String content) {
    return content.isEmpty() ? "" : "<" + name + ">" + content + "</" + name + ">";
  }
}

package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.cli.Example.Source;
import dev.segue.inspect.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExamplesCommandTest {
  @TempDir Path folder;

  private static final Part HELLO = Part.of("0   MainThread:hello");
  private static final Example GOOD =
      fake("good", () -> System.out.println("12:39:00:MainThread:hello"));
  private static final Example WRONG =
      fake("wrong", () -> System.out.println("12:39:00:MainThread:good \"bye\""));
  private static final Example FAILING =
      fake(
          "failing",
          () -> {
            throw new IllegalStateException("out of order");
          });

  private static final Part WORK =
      Part.of(
          """
          0   MainThread:begin
          1 ~ MainThread:end
          """);
  private static final Example SLOW =
      new Example("slow", "what slow is", Source.EXPECTED, () -> work(20), List.of(WORK));

  private static Example fast(String baseline) {
    return new Example(
        "fast", "what fast is", Source.EXPECTED, () -> work(1), List.of(WORK), baseline);
  }

  private static void work(int millis) throws InterruptedException {
    System.out.println("12:39:00:MainThread:begin");
    Thread.sleep(millis); // the time it takes is what is measured
    System.out.println("12:39:00:MainThread:end");
  }

  private static Example fake(String name, Example.Program program) {
    return new Example(name, "what " + name + " is", Source.ARTICLE, program, List.of(HELLO));
  }

  @Test
  void agreementIsSaidAndExitsWith0() {
    var cli = Cli.run(List.of(GOOD), "examples");
    assertThat(cli.out())
        .isEqualTo(
            """
            good: what good is
            12:39:00:MainThread:hello
            agrees with the article: order of 1 lines, elapsed 0.00 s (article 0 s)

            """);
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void aDifferenceIsSaidAndExitsWith1() {
    var cli = Cli.run(List.of(GOOD, WRONG), "examples");
    assertThat(cli.out())
        .contains(
            "DIFFERS from the article: line 1 is \"MainThread:good \"bye\"\" and not"
                + " \"MainThread:hello\"")
        .endsWith("1 of 2 examples differ: wrong.\n");
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  @Test
  void anExampleThatFailsIsADifferenceWithoutAStackTrace() {
    var cli = Cli.run(List.of(FAILING, GOOD), "examples");
    assertThat(cli.out())
        .contains("DIFFERS from the article: it failed: IllegalStateException: out of order")
        .contains("agrees with the article")
        .doesNotContain("\tat ");
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  @Test
  void runsTheNamedOnesInTheOrderGivenOnceEach() {
    var cli = Cli.run(List.of(GOOD, WRONG, FAILING), "examples", "failing", "good", "failing");
    assertThat(cli.out().lines().filter(line -> line.contains(": what ")))
        .containsExactly("failing: what failing is", "good: what good is");
  }

  @Test
  void listNamesThemAndRunsNone() {
    var cli = Cli.run("examples", "--list");
    assertThat(cli.out().lines())
        .hasSize(15)
        .contains("sync           one call after the other")
        .contains(
            "sort-cluster   executors of a Spark cluster sort them (only by name, as it fetches Apache Spark)");
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void theSpeedUpComesLast() {
    var cli = Cli.run(List.of(fast("slow"), GOOD, SLOW), "examples");
    assertThat(cli.out())
        .containsPattern(
            "3 of 3 examples agree.\nfast was \\d+\\.\\d\\d times as fast as slow.\n$");
  }

  @Test
  void withoutTheSlowerOneThereIsNoSpeedUp() {
    assertThat(Cli.run(List.of(fast("slow"), GOOD), "examples").out())
        .endsWith("2 of 2 examples agree.\n");
  }

  @Test
  void whatWentWrongHasNoSpeedUp() {
    assertThat(Cli.run(List.of(fast("wrong"), WRONG), "examples").out())
        .endsWith("1 of 2 examples differ: wrong.\n");
  }

  @Test
  void outputWithoutATerminalHasNoColour() {
    assertThat(Cli.run(List.of(GOOD, WRONG), "examples").out()).doesNotContain("\u001b");
  }

  @Test
  void theThreadHasItsNameBackAfterwards() {
    var name = Thread.currentThread().getName();
    var renaming = fake("renaming", () -> Thread.currentThread().setName("MainThread"));
    Cli.run(List.of(renaming), "examples");
    assertThat(Thread.currentThread().getName()).isEqualTo(name);
  }

  @Test
  void systemOutIsGivenBackAfterAFailure() {
    var out = System.out;
    Cli.run(List.of(FAILING), "examples");
    assertThat(System.out).isSameAs(out);
  }

  // --- the report

  private static final Example LOOP =
      fake(
          "loop",
          () ->
              Async.run(() -> {
                System.out.println("12:39:00:MainThread:hello");
                Async.createTask("child", Async::checkpoint).await();
              }));

  @Test
  void aReportIsAPageOfWhatTheTasksDid() throws Exception {
    var file = folder.resolve("out.html");
    var cli = Cli.run(List.of(GOOD, LOOP), "examples", "--report", file.toString());
    assertThat(cli.exitCode()).isZero();
    assertThat(Files.readString(file)).contains("<!doctype html>", "Where the time went");
  }

  @Test
  void aReportThatCannotBeWrittenIsAnErrorWithoutAStackTrace() {
    var file = folder.resolve("none/out.html");
    var cli = Cli.run(List.of(LOOP), "examples", "--report", file.toString());
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.err())
        .startsWith("segue examples: cannot write the report to " + file)
        .doesNotContain("\tat ");
  }

  // --- JSON

  @Test
  void jsonIsOneDocumentWithWhatWasSeenAndExpected() throws SQLException {
    var cli = Cli.run(List.of(GOOD, WRONG), "examples", "--json", "--scale", "0.5");
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(inJson(cli.out(), "(j).\"agreed\"")).isEqualTo("false");
    assertThat(inJson(cli.out(), "(j).\"scale\"")).isEqualTo("0.5");
    assertThat(inJson(cli.out(), "((j).\"examples\")[1]"))
        .startsWith("{\"name\":\"good\",\"teaches\":\"what good is\",\"agreed\":true,")
        .contains("\"lines\":[{\"at\":0.0,\"text\":\"12:39:00:MainThread:hello\"}]");
    assertThat(inJson(cli.out(), "((((j).\"examples\")[2]).\"lines\")[1]"))
        .isEqualTo("{\"at\":0.0,\"text\":\"12:39:00:MainThread:good \\\"bye\\\"\"}");
    assertThat(inJson(cli.out(), "(((j).\"examples\")[2]).\"expected\""))
        .isEqualTo(
            "{\"source\":\"article\",\"elapsed\":0.0,\"values\":[],\"lines\":[{\"part\":1,"
                + "\"group\":1,\"at\":0.0,\"timed\":true,\"thread\":\"MainThread\",\"message\":\"hello\"}]}");
  }

  @Test
  void jsonHasTheSpeedUp() throws SQLException {
    var cli = Cli.run(List.of(fast("slow"), SLOW), "examples", "--json");
    assertThat(inJson(cli.out(), "((j).\"speedUps\")[1]"))
        .matches("\\{\"example\":\"fast\",\"baseline\":\"slow\",\"factor\":[\\d.]+}");
  }

  @Test
  void jsonListsTheExamples() throws SQLException {
    var cli = Cli.run("examples", "--list", "--json");
    assertThat(inJson(cli.out(), "((j).\"examples\")[14]"))
        .isEqualTo(
            "{\"name\":\"race-db\",\"teaches\":\"a lost update in a database, and three ways to keep it\"}");
  }

  @Test
  void jsonEscapesWhatMustBe() throws SQLException {
    var text = "\"quoted\" \\ back\tslash\u0001 \ud83d\ude00 é";
    assertThat(inJson(Json.of(List.of(text)), "(j)[1]"))
        .isEqualTo("\"\\\"quoted\\\" \\\\ back\\tslash\\u0001 \ud83d\ude00 é\"");
  }

  /** Has H2 parse a text, and returns a part of it as JSON. */
  private static String inJson(String json, String part) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:h2:mem:");
        var query =
            connection.prepareStatement(
                "select cast(" + part + " as varchar) from (select ? format json as j)")) {
      query.setString(1, json);
      var row = query.executeQuery();
      row.next();
      return row.getString(1);
    }
  }

  // --- mistakes of the user

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "gathr                           | unknown example 'gathr'; did you mean 'gather'?",
        "somethingelse                   | unknown example 'somethingelse'; 'segue examples --list' lists them",
        "--scale 0                       | --scale must be from 0.1 to 10, not 0.0",
        "--scale -1                      | --scale must be from 0.1 to 10, not -1.0",
        "--scale NaN                     | --scale must be from 0.1 to 10, not NaN",
        "--scale fast                    | 'fast' is not a double",
        "--scael 1                       | Unknown option: '--scael'",
        "gather --db jdbc:h2:mem:x       | --db is for race-db",
        "--driver x.jar                  | --driver needs --db",
        "race-db --db postgres://x       | --db must be a JDBC URL",
        "race-db --db jdbc:no:secret     | no JDBC driver accepts this jdbc:no: URL",
        "race-db --db jdbc:no:x --driver /none.jar | --driver: there is no readable file /none.jar",
        "race-db --db jdbc:no:x --driver pom.xml   | --driver: there is no JDBC driver in pom.xml",
      })
  void aWrongCommandLineIsOneClearLineAndExitsWith2(String arguments, String message) {
    var cli = Cli.run(("examples " + arguments).split(" "));
    assertThat(cli.err())
        .startsWith("segue examples: ")
        .contains(message)
        .doesNotContain("secret")
        .hasLineCount(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @Test
  void aMisspeltCommandIsOneClearLineAndExitsWith2() {
    var cli = Cli.run("exmples");
    assertThat(cli.err())
        .isEqualTo(
            "segue: Unmatched argument at index 0: 'exmples'; did you mean examples?; see 'segue"
                + " --help'\n");
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @Test
  void noCommandShowsTheUsageAndExitsWith2() {
    var cli = Cli.run();
    assertThat(cli.err()).contains("Usage: segue", "examples");
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:tcp://localhost:1/x",
        "jdbc:h2:/dev/null/x",
        "jdbc:h2:mem:x;IFEXISTS=TRUE"
      })
  void aDatabaseThatCannotBeReachedIsOneClearLineAndExitsWith1(String url) {
    var cli = Cli.run("examples", "race-db", "--db", url);
    assertThat(cli.err())
        .startsWith("segue examples: cannot connect to the database: ")
        .hasLineCount(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  @Test
  void helpTellsTheExitCodes() {
    var cli = Cli.run("examples", "--help");
    assertThat(cli.out()).containsPattern("130 +interrupted").containsPattern("\n  2 +the command");
    assertThat(cli.exitCode()).isZero();
  }
}

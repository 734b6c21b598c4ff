package dev.segue.compare.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.fixtures.SerializedCopy;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@Timeout(60)
class ReadyMadeTest {
  private static final Map<String, String> FEW = Map.of("jobs", "4", "length", "1us");

  private static Workload<?> make(Subject subject) throws Exception {
    var constructor = Class.forName(subject.className()).getDeclaredConstructor();
    constructor.setAccessible(true);
    return (Workload<?>) constructor.newInstance();
  }

  private static Subject open(ReadyMade readyMade) throws Exception {
    return Subject.open(readyMade.id(), List.of(), _ -> {});
  }

  private static List<? extends Callable<?>> jobs(Subject subject, Map<String, String> given)
      throws Exception {
    return make(subject).jobs(new Parameters(subject.parameters(given)));
  }

  private static List<Object> run(List<? extends Callable<?>> jobs) throws Exception {
    var results = new ArrayList<>();
    for (var job : jobs) {
      results.add(job.call());
    }
    return results;
  }

  @ParameterizedTest
  @EnumSource
  void itsJobsReturnTheSameWhereverTheyRun(ReadyMade readyMade) throws Exception {
    try (var subject = open(readyMade)) {
      var jobs = jobs(subject, FEW);
      assertThat(jobs).hasSize(4);
      var results = run(jobs);
      assertThat(run(jobs(subject, FEW))).usingRecursiveComparison().isEqualTo(results);
      assertThat(run(jobs.stream().map(SerializedCopy::of).toList()))
          .usingRecursiveComparison()
          .isEqualTo(results);
    }
  }

  @ParameterizedTest
  @EnumSource
  void itAsksForTheParametersThatItsListingNames(ReadyMade readyMade) throws Exception {
    try (var subject = open(readyMade)) {
      var parameters = new Parameters(subject.parameters(Map.of()));
      make(subject).jobs(parameters);
      var asked = new HashMap<>(parameters.used());
      asked.keySet().removeAll(subject.parameters(Map.of()).keySet());
      assertThat(asked).isEqualTo(readyMade.defaults());
    }
  }

  @ParameterizedTest
  @EnumSource
  void itsDescriptionFitsTheListing(ReadyMade readyMade) {
    assertThat(readyMade.description().lines()).allMatch(line -> line.length() <= 64);
    assertThat(readyMade.description()).endsWith(".");
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"COUNTER", "COUNTER_LOCKED"})
  void itsJobsReturnSomething(ReadyMade readyMade) throws Exception {
    try (var subject = open(readyMade)) {
      assertThat(run(jobs(subject, FEW))).doesNotContainNull();
    }
  }

  @Test
  void theDelaysAreTheArticlesIfAskedFor() throws Exception {
    try (var subject = open(ReadyMade.DELAYS)) {
      assertThat(run(jobs(subject, Map.of("jobs", "2", "length", "5us"))))
          .containsExactly("TWO", "THREE");
    }
  }

  @Test
  void listsAreSorted() throws Exception {
    try (var subject = open(ReadyMade.SORT)) {
      var lists = run(jobs(subject, Map.of("jobs", "2", "size", "1000")));
      assertThat(lists).hasSize(2);
      assertThat((int[]) lists.get(1)).hasSize(1000).isSorted();
    }
  }

  @Test
  void latenciesHaveTheMedianAndTheTailThatIsAskedFor() {
    var median = Duration.ofMillis(5);
    assertThat(HttpWorkload.latency(median, 8, 0)).isEqualTo(median);
    assertThat(HttpWorkload.latency(median, 8, 2.326)).isEqualTo(median.multipliedBy(8));
    assertThat(HttpWorkload.latency(median, 1, 2.326)).isEqualTo(median);
  }

  @ParameterizedTest
  @EnumSource(names = {"COUNTER", "COUNTER_LOCKED"})
  void aCounterBeginsAnewWithEachRepetition(ReadyMade readyMade) throws Exception {
    try (var subject = open(readyMade)) {
      var given = Map.of("jobs", "3", "length", "1us", "updates", "10");
      var workload = make(subject);
      for (int i = 0; i < 2; i++) {
        run(workload.jobs(new Parameters(given)));
        assertThat(workload.leftBehind()).isEqualTo(30L);
      }
    }
  }

  @Test
  void aFailedFetchIsAFailureOfItsJob() throws Exception {
    List<? extends Callable<?>> jobs;
    try (var subject = open(ReadyMade.HTTP)) {
      jobs = jobs(subject, FEW);
    }
    assertThatThrownBy(() -> jobs.getFirst().call()).isInstanceOf(ConnectException.class);
  }

  // --- nothing is left

  @Test
  void theSiteIsGoneAfterwards() throws Exception {
    var subject = open(ReadyMade.HTTP);
    var site = URI.create(subject.parameters(Map.of()).get(HttpSite.PARAMETER));
    new Socket(InetAddress.getLoopbackAddress(), site.getPort()).close();
    subject.close();
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), site.getPort()))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void theDatabaseIsGoneAfterwards() throws Exception {
    var subject = open(ReadyMade.JDBC);
    var url = subject.parameters(Map.of()).get(Database.PARAMETER);
    DriverManager.getConnection(url).close();
    subject.close();
    assertThatThrownBy(() -> DriverManager.getConnection(url)).isInstanceOf(SQLException.class);
  }

  @Test
  void theJobsMayOnlyUseTheTable() throws Exception {
    try (var subject = open(ReadyMade.JDBC);
        var connection =
            DriverManager.getConnection(subject.parameters(Map.of()).get(Database.PARAMETER));
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("create alias x for 'java.lang.System.exit'"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Admin rights");
    }
  }

  @Test
  void theFolderIsGoneAfterwards() throws Exception {
    var subject = open(ReadyMade.FILES);
    var folder = Path.of(subject.parameters(Map.of()).get(TemporaryFolder.PARAMETER));
    run(jobs(subject, FEW));
    assertThat(folder).isNotEmptyDirectory();
    subject.close();
    assertThat(Files.exists(folder)).isFalse();
  }
}

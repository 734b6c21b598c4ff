package dev.segue.compare.workload;

import dev.segue.compare.Workload;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The workloads that are there to be tried, each real. */
public enum ReadyMade {
  /** Waits. */
  DELAYS(
      "delays",
      """
      The article's delays: jobs that wait and do nothing else. With
      jobs=2 and length=2.5s they take 2 s and 3 s, as there.\
      """,
      "jobs=20 length=25ms",
      DelaysWorkload.class),
  /** Computing. */
  SORT(
      "sort",
      """
      The article's merge sort of lists of random integers: jobs that
      compute and never wait.\
      """,
      "jobs=60 size=30000",
      SortWorkload.class),
  /** Waits for a network. */
  HTTP(
      "http",
      """
      Fetches from a web server on this machine. Its latencies are
      log-normal: length is the median, and the 99th percentile is
      tail times as long.\
      """,
      "jobs=50 length=5ms tail=8",
      HttpWorkload.class),
  /** Waits for a database. */
  JDBC(
      "jdbc",
      """
      Round trips to an H2 database: each job sends some statements
      over a pooled connection. The database takes length for each.\
      """,
      "jobs=50 statements=5 length=1ms connections=20",
      JdbcWorkload.class),
  /** Computing, with files. */
  FILES(
      "files",
      """
      Reads files of size kilobytes in a temporary folder, hashes them
      and compresses them.\
      """,
      "jobs=40 size=200",
      FilesWorkload.class),
  /** Waits and computing. */
  MIXED(
      "mixed",
      """
      Jobs that wait for length, as for a service, and then compute
      some rounds of SHA-256.\
      """,
      "jobs=40 length=5ms rounds=10000",
      MixedWorkload.class),
  /** What a model costs. */
  TINY(
      "tiny",
      "Many jobs that do next to nothing: shows what a model costs.",
      "jobs=2000",
      TinyWorkload.class),
  /** A race. */
  COUNTER(
      "counter",
      """
      The article's race: jobs wait for length, and then add 1 to a
      counter that they share, many times, without a lock.\
      """,
      "jobs=60 length=2ms updates=50000",
      CounterWorkload.class),
  /** The race with a lock. */
  COUNTER_LOCKED(
      "counter-locked",
      "The same with a lock around each update.",
      "jobs=60 length=2ms updates=50000",
      LockedCounterWorkload.class);

  private static final Pattern BLANK = Pattern.compile(" ");

  private final String id;
  private final String description;
  private final String defaults;
  private final Class<? extends Workload<?>> type;

  ReadyMade(String id, String description, String defaults, Class<? extends Workload<?>> type) {
    this.id = id;
    this.description = description;
    this.defaults = defaults;
    this.type = type;
  }

  /**
   * Finds one.
   *
   * @param id its name
   * @return the workload; empty if none has that name
   */
  public static Optional<ReadyMade> of(String id) {
    return Arrays.stream(values()).filter(each -> each.id.equals(id)).findFirst();
  }

  /**
   * Returns its name on the command line.
   *
   * @return such as {@code counter-locked}
   */
  public String id() {
    return id;
  }

  /**
   * Returns what its jobs do.
   *
   * @return a sentence or two, in lines of at most 64 columns
   */
  public String description() {
    return description;
  }

  /**
   * Returns its parameters.
   *
   * @return their defaults by name, in the order to show them
   */
  public Map<String, String> defaults() {
    var map = new LinkedHashMap<String, String>();
    BLANK
        .splitAsStream(defaults)
        .forEach(parameter -> {
          int equals = parameter.indexOf('=');
          map.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        });
    return Collections.unmodifiableMap(map);
  }

  Class<? extends Workload<?>> type() {
    return type;
  }

  Surroundings surroundings() throws IOException {
    return switch (this) {
      case HTTP -> new HttpSite();
      case JDBC -> new Database();
      case FILES -> new TemporaryFolder();
      default -> Surroundings.NONE;
    };
  }
}

package dev.segue.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.spark.deploy.master.WorkerInfo;

/**
 * The last lines of an executor's standard error, which its worker still has after the executor has
 * ended. Only workers of a standalone cluster give it.
 */
final class ExecutorLogs {
  private static final int LINES = 20;
  private static final int BYTES = 8 << 10;
  private static final int PATIENCE_MILLIS = 5_000;
  private static final String PAGE = "/logPage/";
  private static final String TEXT = "/log/";

  /** What is below the command of an executor, and in which line at most. */
  private static final String RULE = "========================================";

  private static final int HEAD = 4;

  /** How many executors of an application that fail one after the other are looked for. */
  private static final int MOST = 4;

  private ExecutorLogs() {}

  /**
   * Returns the last lines. Blocks for some seconds at most.
   *
   * @param logs as Spark's {@code ExecutorInfo} has them
   * @return no lines if the cluster does not give them as text, or its worker does not answer
   */
  static List<String> lastLines(Map<String, String> logs) {
    var page = logs.get("stderr");
    return page == null || !page.contains(PAGE)
        ? List.of()
        : read(page.replace(PAGE, TEXT) + "&byteLength=" + BYTES);
  }

  /** Returns the last lines of an executor that an application has had; none if there are none. */
  static List<String> ofApplication(List<WorkerInfo> workers, String application) {
    for (int executor = 0; executor < MOST; executor++) {
      for (var worker : workers) {
        var lines =
            read(
                worker.webUiAddress()
                    + TEXT
                    + "?appId="
                    + URLEncoder.encode(application, StandardCharsets.UTF_8)
                    + "&executorId="
                    + executor
                    + "&logType=stderr&byteLength="
                    + BYTES);
        if (!lines.isEmpty()) {
          return lines;
        }
      }
    }
    return List.of();
  }

  private static List<String> read(String url) {
    try {
      var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      try (var in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
        return tail(in.lines().toList());
      } finally {
        connection.disconnect();
      }
    } catch (IOException | RuntimeException _) {
      return List.of(); // the failure is told without them
    }
  }

  /**
   * Leaves out what Spark puts before the log: which part it is, and the command. Of a log that is
   * empty or missing it gives an error instead, which is none of the executor's.
   */
  private static List<String> tail(List<String> lines) {
    if (lines.isEmpty()
        || !lines.getFirst().startsWith("==== Bytes ")
        || lines.getFirst().contains(" of 0 of ")) {
      return List.of();
    }
    int start = 1;
    for (int i = 1; i < Math.min(HEAD, lines.size()); i++) {
      if (lines.get(i).startsWith(RULE)) {
        start = i + 1;
      }
    }
    var log = lines.subList(start, lines.size()).stream().filter(line -> !line.isBlank()).toList();
    return List.copyOf(log.subList(Math.max(0, log.size() - LINES), log.size()));
  }
}

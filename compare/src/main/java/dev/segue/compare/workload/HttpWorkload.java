package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Fetches from an {@link HttpSite}, which takes its time as services do: the latencies are
 * log-normal, with most near the median and a long tail.
 */
final class HttpWorkload implements Workload<String> {
  /** How far from the median the 99th percentile of a normal distribution is, in deviations. */
  private static final double P99 = 2.326;

  /** One for all jobs of a JVM, as in a program: it keeps connections. */
  private static final class Client {
    static final HttpClient SHARED =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @Override
  public List<SerializableCallable<String>> jobs(Parameters parameters) {
    var site = parameters.text(HttpSite.PARAMETER, "");
    var median = parameters.time("length", Duration.ofMillis(5));
    int tail = parameters.count("tail", 8);
    var random = new SplittableRandom(1);
    return IntStream.range(0, parameters.count("jobs", 50))
        .mapToObj(i -> fetch(HttpSite.page(site, i, latency(median, tail, random.nextGaussian()))))
        .toList();
  }

  /**
   * A latency.
   *
   * @param tail how many times the median the 99th percentile is
   * @param deviations from the standard normal distribution
   */
  static Duration latency(Duration median, int tail, double deviations) {
    return Duration.ofNanos(
        Math.round(median.toNanos() * Math.exp(Math.log(tail) / P99 * deviations)));
  }

  private static SerializableCallable<String> fetch(URI page) {
    return () -> {
      var response =
          Client.SHARED.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(page + " answered with " + response.statusCode());
      }
      return response.body();
    };
  }
}

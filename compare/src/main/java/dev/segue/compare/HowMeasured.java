package dev.segue.compare;

import static dev.segue.compare.Figures.bytes;
import static dev.segue.compare.Figures.percent;
import static dev.segue.compare.Figures.time;

import java.util.ArrayList;
import java.util.stream.Collectors;

/** How a report was measured, in paragraphs of HTML. */
final class HowMeasured {
  private HowMeasured() {}

  static String html(Report report) {
    var counts =
        report.points().stream()
            .flatMap(point -> point.results().stream())
            .map(result -> result.repetitions().size())
            .filter(size -> size > 0)
            .toList();
    var warmUps =
        report.points().stream()
            .flatMap(point -> point.results().stream())
            .mapToInt(ModelResult::warmUps)
            .summaryStatistics();
    var texts = new ArrayList<String>();
    texts.add("Each model ran in a JVM of its own, which ran all jobs again and again.");
    if (!counts.isEmpty()) {
      int least = counts.stream().min(Integer::compare).orElseThrow();
      int most = counts.stream().max(Integer::compare).orElseThrow();
      texts.add(
          "The first repetitions of a model (%s) were warm-up and do not count: until its times varied"
                  .formatted(between(warmUps.getMin(), warmUps.getMax()))
              + " by less than 3 %, or its time for warming up had passed. "
              + "Of those that count there were %s, the models taking turns."
                  .formatted(between(least, most)));
    }
    texts.add(
        "A figure is the median of the repetitions. Its 95 % confidence interval is by bootstrap: what"
            + " the median would be if the repetitions had come out a little differently. One model is"
            + " clearly faster than another if the same interval of the ratio of their times, repetition"
            + " by repetition, is above 1: as they took turns, what disturbed one disturbed the other.");
    texts.add(
        "A job's latency is the time from when it was due to its end. Memory is the resident memory of"
            + " all processes of a model. The start of the JVMs is not part of the times.");
    for (var point : report.points()) {
      var profile = point.profile();
      if (profile != null && (report.points().size() == 1)) {
        texts.add(
            "One after the other, %s: %s each (the longest %s), %s in all, of which they waited %s."
                    .formatted(
                        Figures.counted(profile.jobs(), "job"),
                        time(profile.median()),
                        time(profile.longest()),
                        time(profile.total()),
                        percent(profile.waiting()))
                + (profile.bytes() == 0
                    ? ""
                    : " To a process and back, %s travel.".formatted(bytes(profile.bytes()))));
      }
    }
    texts.add("The machine: " + Baseline.text(report.machine()) + ".");
    return texts.stream()
        .map(each -> "<p>" + Html.text(each) + "</p>\n")
        .collect(Collectors.joining());
  }

  private static String between(int least, int most) {
    return least == most ? String.valueOf(least) : least + " to " + most;
  }
}

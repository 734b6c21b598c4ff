package dev.segue.bench;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Results as one HTML page that needs nothing else: how they came to be, the bars, and for each
 * subject a chart and a table with the same figures.
 */
public final class Page {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --text: #1f2328; --faint: #59636e; --page: #f6f8fa; --card: #ffffff; --line: #d1d9e0; --good: #1a7f37; --bad: #cf222e; }
      @media (prefers-color-scheme: dark) {
        :root { --text: #f0f6fc; --faint: #9198a1; --page: #010409; --card: #0d1117; --line: #3d444d; --good: #3fb950; --bad: #f85149; }
      }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem; font: 16px/1.5 system-ui, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; color: var(--text); background: var(--page); }
      h1 { font-size: 1.8rem; margin: 0 0 .5rem; }
      h2 { font-size: 1.25rem; margin: 0 0 .25rem; }
      p { margin: 0 0 .75rem; max-width: 44rem; }
      .faint { color: var(--faint); }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0; }
      dt { color: var(--faint); }
      dd { margin: 0; overflow-wrap: anywhere; }
      section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; margin: 1rem 0; }
      .both { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 1rem 2rem; align-items: start; }
      .both > *, dl, td { min-width: 0; }
      svg { display: block; width: 100%; max-width: 30rem; height: auto; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .9rem; }
      caption { text-align: left; color: var(--faint); padding-bottom: .25rem; }
      th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid var(--line); font-weight: normal; vertical-align: top; white-space: nowrap; }
      thead th { color: var(--faint); }
      th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; }
      td.text, th.text { text-align: left; white-space: normal; }
      td.verdict, th.verdict { white-space: normal; min-width: 5.5rem; }
      tr.segue > * { font-weight: 600; }
      .good { color: var(--good); }
      .bad { color: var(--bad); }
      @media (max-width: 60rem) { .both { grid-template-columns: minmax(0, 1fr); } }
      @media (max-width: 32rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .25rem; } td.spread, th.spread { display: none; } }
      """;

  private final StringBuilder html = new StringBuilder();

  private Page() {}

  /**
   * Writes a page.
   *
   * @param results the results
   * @param run how they came to be: texts, numbers, and maps of these
   * @return an HTML document
   */
  public static String of(List<Result> results, Map<String, ?> run) {
    return new Page().write(results, run);
  }

  private String write(List<Result> results, Map<String, ?> run) {
    html.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Segue beside its peers</title>
        <style>
        """);
    html.append(STYLE).append(Chart.STYLE).append("</style>\n</head>\n<body>\n<main>\n");
    html.append("<h1>Segue beside its peers</h1>\n");
    html.append(
        "<p>The contenders took turns, round after round, in one run. Medians, the best first; ★ is"
            + " before the best. A dashed bar is a floor: it does less than the others have to.</p>\n");
    bars(results);
    results.forEach(this::section);
    run(run);
    return html.append("</main>\n</body>\n</html>\n").toString();
  }

  private void run(Map<String, ?> run) {
    html.append("<section>\n<h2>The run</h2>\n<dl>\n");
    run.forEach((name, value) -> {
      if (value instanceof Map<?, ?> map) {
        map.forEach((key, text) ->
            fact((name.equals("missing") ? "missing: " : "") + key, text.toString()));
      } else {
        fact(name, value.toString());
      }
    });
    html.append("</dl>\n</section>\n");
  }

  private void fact(String name, String value) {
    append("<dt>%s</dt><dd>%s</dd>\n", name, value);
  }

  private void bars(List<Result> results) {
    if (results.stream().allMatch(result -> result.subject().bars().isEmpty())) {
      return;
    }
    html.append(
        """
        <section>
        <h2>What Segue is to reach</h2>
        <div class="scroll" tabindex="0" role="group" aria-label="Bars">
        <table>
        <thead><tr><th scope="col">work</th><th scope="col" class="text">bar</th><th scope="col" class="verdict">reached</th></tr></thead>
        <tbody>
        """);
    for (var result : results) {
      for (var bar : result.subject().bars()) {
        bar(result, bar);
      }
    }
    html.append("</tbody>\n</table>\n</div>\n</section>\n");
  }

  private void bar(Result result, Bar bar) {
    append(
        "<tr><th scope=\"row\">%s</th><td class=\"text\">%s</td>",
        result.subject().title(), bar.text());
    var value = bar.measured(result.measured());
    if (value.isEmpty()) {
      html.append("<td class=\"verdict faint\">not measured</td></tr>\n");
      return;
    }
    double reached = value.getAsDouble();
    boolean met = bar.isMetBy(reached);
    append(
        "<td class=\"verdict\">%s <span class=\"%s\">%s</span></td></tr>\n",
        Table.figure(reached) + (bar.over() == null ? "," : " ×,"),
        met ? "good" : "bad",
        met ? "met" : "NOT met");
  }

  private void section(Result result) {
    var subject = result.subject();
    html.append("<section>\n");
    append("<h2>%s</h2>\n", subject.title());
    LoopWork.of(subject.work()).ifPresent(work -> append("<p>%s</p>\n", work.description()));
    if (!result.measured().isEmpty()) {
      html.append("<div class=\"both\">\n").append(Chart.partOfPage(result));
      table(result);
      html.append("</div>\n");
    }
    named("No such work", result.unable());
    named("Limited by the load generator", result.limitedByClient());
    result
        .failures()
        .forEach((contender, how) ->
            append("<p class=\"bad\">FAILED: %s: %s</p>\n", contender.title(), how));
    html.append("</section>\n");
  }

  private void named(String what, List<Contender> contenders) {
    if (!contenders.isEmpty()) {
      append(
          "<p class=\"faint\">%s: %s.</p>\n",
          what, contenders.stream().map(Contender::title).collect(Collectors.joining(", ")));
    }
  }

  private void table(Result result) {
    boolean clients = !result.clientBusy().isEmpty();
    append(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">\n<table>\n",
        result.subject().title());
    append(
        "<caption>In %s, %s is better</caption>\n",
        result.subject().unit(), result.subject().lowerIsBetter() ? "less" : "more");
    html.append(
        "<thead><tr><th scope=\"col\">contender</th><th scope=\"col\">median</th>"
            + "<th scope=\"col\" class=\"spread\">least–most</th><th scope=\"col\">beside Segue</th>"
            + (clients ? "<th scope=\"col\">client busy</th>" : "")
            + "</tr></thead>\n<tbody>\n");
    for (var contender : result.ranking()) {
      row(result, contender, clients);
    }
    html.append("</tbody>\n</table>\n</div>\n");
  }

  private void row(Result result, Contender contender, boolean clients) {
    var measured = Objects.requireNonNull(result.measured().get(contender));
    boolean best = result.best().filter(contender::equals).isPresent();
    html.append(contender.equals(Contender.SEGUE) ? "<tr class=\"segue\">" : "<tr>");
    append("<th scope=\"row\">%s</th>", (best ? "★ " : "") + contender.title());
    append("<td>%s</td>", Table.figure(measured.median()));
    append("<td class=\"spread faint\">%s</td>", Table.spread(measured));
    var compared = Comparison.of(result, contender);
    append(
        "<td class=\"%s\">%s</td>",
        contender.floor()
            ? "faint"
            : compared.map(Comparison::contenderIsBetter).orElse(false) ? "bad" : "good",
        compared.map(Comparison::toString).orElse(""));
    if (clients) {
      var busy = result.clientBusy().get(contender);
      append("<td>%s</td>", busy == null ? "" : Table.figure(busy.median()) + " %");
    }
    html.append("</tr>\n");
  }

  /** Appends with texts in the place of each %s, escaped. */
  private void append(String format, String... texts) {
    var escaped = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      escaped[i] = Html.escape(texts[i]);
    }
    html.append(String.format(format, escaped));
  }
}

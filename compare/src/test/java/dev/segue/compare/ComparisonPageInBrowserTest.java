package dev.segue.compare;

import static dev.segue.compare.Model.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.BrowserTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as a person has it: in a browser. */
@EnabledIf("dev.segue.fixtures.Browser#isInstalled")
class ComparisonPageInBrowserTest extends BrowserTest {
  private void open(Report report) throws IOException {
    var file = folder.resolve("page.html");
    ComparisonPage.write(report, file);
    browser.open(file);
  }

  private static List<String> texts(String css) {
    return browser.findAll(css).stream().map(WebElement::getText).toList();
  }

  @Test
  void theVerdictIsOnTopWithItsReasons() throws IOException {
    open(Pages.waits("Fetch"));
    assertThat(browser.find("main > :first-child").getText()).startsWith("Take virtual threads: ");
    assertThat(texts(".reasons h2"))
        .containsExactly("Why", "What would change this", "The trap with the next best");
  }

  @Test
  void whatIsWrongIsRed() throws IOException {
    open(Pages.waits("Fetch"));
    assertThat(texts(".findings .wrong b"))
        .containsExactly("A thread for each job, wrong result:", "Process pool, not serializable:");
    var red = browser.find(".findings .wrong b").getCssValue("color");
    assertThat(red).startsWith("rgba(179, 38, 30");
    assertThat(browser.find(".bars .alarm b").getCssValue("color")).isEqualTo(red);
  }

  @Test
  void theBestBarIsFirstAndLastAreThoseThatAreWrong() throws IOException {
    open(Pages.waits("Fetch"));
    assertThat(texts(".charts > :first-child .name"))
        .containsExactly(
            "Virtual threads",
            "Event loop",
            "Thread pool",
            "One after the other",
            "A thread for each job",
            "Process pool");
    assertThat(texts(".charts > :first-child .figure"))
        .startsWith("24 ms 84× as fast")
        .endsWith("wrong result", "not serializable");
  }

  @Test
  void theTableHasAllFigures() throws IOException {
    open(Pages.waits("Fetch"));
    assertThat(texts("tbody tr:first-child > *"))
        .containsExactly(
            "Virtual threads",
            "24 ms (23.6 to 25.1 ms)",
            "84×",
            "92 %",
            "4,167",
            "48 ms",
            "12 ms",
            "21.6 ms",
            "24 ms",
            "20",
            "74 MB",
            "80 ms");
  }

  @Test
  void theTimelinesAreThoseOfTheInspectPage() throws IOException {
    open(Pages.waits("Fetch"));
    var lanes =
        browser.await(
            """
            const done = arguments[0], frame = document.querySelector('iframe');
            frame.scrollIntoView();
            done(frame.getAttribute('srcdoc').includes('id="timeline"') && frame.title);
            """);
    assertThat(lanes).isEqualTo("Timelines of the models");
    browser.inFrame(
        "iframe",
        () -> {
          browser.awaitElement("[data-ready]");
          assertThat(browser.find("#facts").getText()).startsWith("8 tasks, 24 spans, 400 ms");
          browser.type(Keys.ARROW_DOWN); // the best of those that were recorded
          assertThat(browser.find("#detail").getText()).isEqualTo("event loop (8 of 12)");
          for (var group : List.of("worker 3", "main", "job 8")) {
            browser.find("#search").clear();
            browser.find("#search").sendKeys(group);
            assertThat(browser.find("#detail").getText()).startsWith(group);
          }
        });
  }

  @Test
  void aSweepHasCurvesAndATableOfThem() throws IOException {
    open(Pages.sweep());
    assertThat(browser.findAll("#plot canvas")).hasSize(1);
    assertThat(browser.find("#plot").getAttribute("aria-label"))
        .contains("A process pool pays from 140 µs a job on");
    assertThat(texts("#curves .scroll tbody th"))
        .containsExactly("10us", "100us", "1ms", "10ms", "100ms");
    assertThat(browser.findAll("details.point")).hasSize(5);
    assertThat(browser.findAll("details.point[open]")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        "<!--<script>",
        "%BODY%$1\\",
        "\"'&amp;"
      })
  void aNameIsText(String name) throws IOException {
    var finding = new Finding(SYNC, Finding.Kind.STALL, name, name);
    var one = Reports.of(Reports.WAITS).with(SYNC, 1).found(finding).at(name, name);
    var two = Reports.of(Reports.WAITS).with(SYNC, 2).at(name, name + "2");
    open(
        new Report(
            name,
            Map.of(name + name, name),
            3,
            0,
            Instant.EPOCH,
            new Machine(1, name, name),
            true,
            List.of(one, two)));
    assertThat(browser.findAll("img")).isEmpty();
    assertThat(browser.find("h1").getText()).isEqualTo(name + ": which model?");
    assertThat(browser.find(".findings li").getText()).contains(name);
    assertThat(texts("#curves .scroll tbody th")).containsExactly(name, name + "2");
  }

  @Test
  void everyScrollableTableAndEachPointIsReachedByTheKeyboard() throws IOException {
    open(Pages.sweep());
    assertThat(browser.findAll(".scroll:not([tabindex='0']), .scroll:not([aria-label])")).isEmpty();
    browser.find("details.point summary").sendKeys(" ");
    browser.awaitElement("details.point:first-of-type[open]");
  }

  @Test
  void onPaperTimelinesAreWholeAndLight() throws IOException {
    browser.prefer("dark");
    browser.resize(1280, 2700); // a frame that is out of sight draws nothing
    open(Pages.waits("Fetch"));
    browser.medium("print");
    try {
      browser.inFrame(
          "iframe",
          () -> {
            browser.await(
                """
                const done = arguments[0], drawn = document.getElementById('timeline').getContext('2d');
                const look = () =>
                  drawn.getImageData(1, 1, 1, 1).data[0] === 255 ? done() : setTimeout(look, 10);
                look();
                """);
            int rows = 2 + 5 + 9; // of a thread, of a pool of four, of eight tasks on a loop
            var room = browser.await("arguments[0](document.getElementById('lanes').clientHeight)");
            assertThat((Long) room).isGreaterThanOrEqualTo(22 + 20 * rows);
          });
    } finally {
      browser.medium("");
      browser.resize(1280, 720);
    }
  }

  /** For a look at it: {@code -Dsegue.screenshots=FOLDER}. */
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void itSuitsLightAndDarkAndANarrowWindow(String scheme) throws IOException {
    browser.prefer(scheme);
    for (int width : new int[] {1400, 420}) {
      for (var report : List.of(Pages.waits("Fetch"), Pages.sweep())) {
        browser.resize(width, width == 420 ? 4600 : 2700);
        open(report);
        var wide = "return document.documentElement.scrollWidth <= innerWidth";
        assertThat(browser.await("arguments[0]((() => {" + wide + "})())")).isEqualTo(true);
        var keep = System.getProperty("segue.screenshots");
        if (keep != null) {
          Files.createDirectories(Path.of(keep));
          var name = report.points().size() > 1 ? "sweep" : "waits";
          browser.screenshot(Path.of(keep, name + "-" + scheme + "-" + width + ".png"));
        }
      }
    }
    browser.resize(1280, 720);
  }
}

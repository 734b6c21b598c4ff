package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Waiting;
import dev.segue.Wake;
import dev.segue.fixtures.BrowserTest;
import dev.segue.inspect.ThreadRecording.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import traps.Traps;

/** The page as a person has it: in a browser. */
@EnabledIf("dev.segue.fixtures.Browser#isInstalled")
class PageInBrowserTest extends BrowserTest {
  private static final long MS = 1_000_000;

  private void open(Recording recording) throws IOException {
    var file = folder.resolve("page.html");
    Page.write(recording, file);
    browser.open(file);
  }

  /** The article's program: THREE holds the loop for 150 ms while two others could run. */
  private static Recording article(String third) {
    var spans =
        List.of(
            waits(1, 0, 50),
            waits(2, 0, 50),
            runs(3, 0, 200),
            ready(1, 50, 200),
            ready(2, 50, 200),
            runs(1, 200, 210),
            runs(2, 210, 215));
    var tasks = List.of(task(1, "ONE", 0), task(2, "TWO", 0), task(3, third, 0));
    return recording(
        new LoopRecording("main", tasks, spans, List.of(), List.of(), List.of(), 0, 0));
  }

  private static Recording recording(LoopRecording loop) {
    return new Recording(
        Instant.EPOCH,
        Duration.ofMillis(250),
        List.of(loop),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static Span waits(long task, long from, long to) {
    return new Span(task, State.WAITING, from * MS, to * MS, Waiting.Kind.SLEEP, 0, null, 0);
  }

  private static Span ready(long task, long from, long to) {
    return new Span(task, State.READY, from * MS, to * MS, null, 0, Wake.TASK, 3);
  }

  private static Span runs(long task, long from, long to) {
    return new Span(task, State.RUNNING, from * MS, to * MS, null, 0, Wake.TASK, 3);
  }

  private static TaskRecord task(long id, String name, long parent) {
    var some = Duration.ofMillis(id);
    return new TaskRecord(
        id,
        name,
        parent,
        Duration.ZERO,
        Ending.SUCCESS,
        Duration.ofMillis(215),
        1,
        some,
        some,
        some,
        some,
        0,
        null,
        null,
        null);
  }

  private static void openTable() {
    browser.find("#all summary").click();
    browser.awaitElement("#all tbody tr"); // a page hears of the click later
  }

  private static List<String> texts(String css) {
    return browser.findAll(css).stream().map(WebElement::getText).toList();
  }

  @Test
  void theFindingsComeFirst() throws IOException {
    open(article("THREE"));
    assertThat(browser.find("#findings li").getText())
        .startsWith("Task 'THREE' held loop 'main' for 200 ms.")
        .contains("2 other tasks could run meanwhile, and did not.");
  }

  @Test
  void aFindingLeadsToItsTask() throws IOException {
    open(article("THREE"));
    browser.find("#findings button").click();
    assertThat(browser.find("#detail").getText()).startsWith("THREE runs for 200 ms");
  }

  @Test
  void theKeyboardSelectsATaskAndItsSpan() throws IOException {
    open(article("THREE"));
    browser.type(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
    assertThat(browser.find("#detail").getText()).startsWith("ONE ran 1 times");
    browser.type(Keys.ENTER);
    assertThat(browser.find("#detail").getText()).contains("woken by: THREE");
  }

  @Test
  void theSearchSelectsATask() throws IOException {
    open(article("THREE"));
    browser.find("#search").sendKeys("thr");
    assertThat(browser.find("#detail").getText()).startsWith("THREE ran");
  }

  @Test
  void theTableHasAllTasks() throws IOException {
    open(article("THREE"));
    openTable();
    assertThat(texts("#all tbody tr td:first-child")).containsExactly("THREE", "TWO", "ONE");
    browser.findAll("#all th").getFirst().click();
    assertThat(texts("#all tbody tr td:first-child")).containsExactly("ONE", "THREE", "TWO");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        "<!--<script>",
        "%SCRIPT%$1\\",
        "\u2028\"'&amp;"
      })
  void aNameIsText(String name) throws IOException {
    open(article(name));
    openTable();
    assertThat(browser.findAll("img")).isEmpty();
    assertThat(browser.findAll("#all tbody tr")).hasSize(3);
    assertThat(browser.find("#all tbody button").getDomProperty("textContent")).isEqualTo(name);
  }

  @Test
  void threadsAreShownWithWhatTheySaid() throws IOException {
    var sleep = new Period(State.WAITING, 0, 50 * MS, "in Thread.sleep, at Race.java:41");
    var run = new Period(State.RUNNING, 50 * MS, 60 * MS, "");
    var thread = new ThreadRecording("race", "worker", 17, List.of(sleep, run));
    var mark = new Mark(20 * MS, "<b>Sleeping</b>", 17, null, 0);
    open(
        new Recording(
            Instant.EPOCH,
            Duration.ofMillis(60),
            List.of(),
            List.of(),
            List.of(thread),
            List.of(mark),
            List.of()));
    browser.find("#search").sendKeys("worker");
    browser.type(Keys.ENTER);
    assertThat(browser.find("#detail").getText())
        .startsWith("worker waits for 50.0 ms (in Thread.sleep, at Race.java:41)")
        .contains("“<b>Sleeping</b>”");
  }

  @Test
  void aLostUpdateLeadsToTheThreadThatWroteFromTheOldValue() throws IOException {
    var one = new ThreadRecording("race", "one", 17, List.of(runs(0, 60)));
    var other = new ThreadRecording("race", "other", 18, List.of(runs(0, 60)));
    var update =
        new LostUpdate(
            "<i>.value",
            access("one", 17, 20, 28),
            access("other", 18, 30, 31),
            access("one", 17, 40, 31),
            1);
    open(
        new Recording(
            Instant.EPOCH,
            Duration.ofMillis(60),
            List.of(),
            List.of(),
            List.of(one, other),
            List.of(),
            List.of(update)));
    assertThat(browser.find("#findings li").getText())
        .startsWith(
            "The update of <i>.value by 'other' was lost: 'one' overwrote it (Race.java:31).");
    browser.find("#findings button").click();
    assertThat(browser.find("#detail").getText())
        .startsWith("one runs for 60.0 ms")
        .contains("read <i>.value (Race.java:28) before other wrote it")
        .contains("overwrote the update of <i>.value by other (Race.java:31)");
  }

  private static Period runs(long from, long to) {
    return new Period(State.RUNNING, from * MS, to * MS, "");
  }

  private static Access access(String who, long thread, long at, int line) {
    var where = new StackTraceElement("Race", "update", "Race.java", line);
    return new Access(at * MS, who, thread, -1, 0, where);
  }

  @Test
  void aDeadlockLeadsToItsDrawing() throws Exception {
    open(Traps.deadlock(false));
    assertThat(browser.find("#graphs").getDomProperty("open")).isEqualTo("false");
    browser.find("#findings button").click();
    assertThat(browser.find("#graphs").getDomProperty("open")).isEqualTo("true");
  }

  @Test
  void aRecordingOfNothingIsShown() throws IOException {
    open(
        new Recording(
            Instant.EPOCH, Duration.ZERO, List.of(), List.of(), List.of(), List.of(), List.of()));
    assertThat(browser.find("#facts").getText()).startsWith("0 tasks, 0 spans");
    assertThat(browser.find("#findings").getText()).startsWith("Nothing stands out");
    browser.type("+", "0", Keys.ARROW_DOWN, Keys.ENTER, Keys.ARROW_LEFT);
  }

  @Test
  void aHundredThousandSpansAreShown() throws IOException {
    open(large(200, 500));
    assertThat(browser.find("#facts").getText()).startsWith("200 tasks, 100,000 spans");
    browser.type("+", "+", Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
    assertThat(browser.find("#detail").getText()).startsWith("worker 1 ran");
  }

  /** Some tasks that take turns, run and wait. */
  static Recording large(int tasks, int spansEach) {
    var records = new ArrayList<TaskRecord>();
    var spans = new ArrayList<Span>();
    var random = new Random(1);
    for (int id = 1; id <= tasks; id++) {
      records.add(task(id, "worker " + id, id % 20 == 1 ? 0 : id - (id - 1) % 20));
      long at = id * 1_000L;
      for (int i = 0; i < spansEach / 2; i++) {
        long step = 1_000 + random.nextInt(100_000);
        long ran = at + step;
        spans.add(new Span(id, State.RUNNING, at, ran, null, 0, Wake.TIMER, 0));
        at = ran + 1_000 + random.nextInt(2_000_000);
        spans.add(new Span(id, State.WAITING, ran, at, Waiting.Kind.SLEEP, 0, null, 0));
      }
    }
    long end = spans.stream().mapToLong(Span::to).max().orElse(0);
    return new Recording(
        Instant.EPOCH,
        Duration.ofNanos(end),
        List.of(new LoopRecording("main", records, spans, List.of(), List.of(), List.of(), 0, 0)),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** For a look at it: {@code -Dsegue.screenshots=FOLDER}. */
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void itSuitsLightAndDarkAndANarrowWindow(String scheme) throws IOException {
    browser.prefer(scheme);
    for (int width : new int[] {1280, 480}) {
      browser.resize(width, 720);
      open(article("THREE"));
      browser.find("#findings button").click();
      var wide = "return document.documentElement.scrollWidth <= innerWidth";
      assertThat(browser.await("arguments[0]((() => {" + wide + "})())")).isEqualTo(true);
      var keep = System.getProperty("segue.screenshots");
      if (keep != null) {
        Files.createDirectories(Path.of(keep));
        browser.screenshot(Path.of(keep, "page-" + scheme + "-" + width + ".png"));
      }
    }
    browser.resize(1280, 720);
  }
}

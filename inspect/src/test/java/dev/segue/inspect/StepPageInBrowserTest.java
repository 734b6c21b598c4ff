package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Wake;
import dev.segue.fixtures.BrowserTest;
import dev.segue.inspect.StepRecording.Note;
import dev.segue.inspect.StepRecording.Step;
import dev.segue.inspect.StepRecording.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page whose unit is the step, in a browser. */
@EnabledIf("dev.segue.fixtures.Browser#isInstalled")
class StepPageInBrowserTest extends BrowserTest {
  private void open(StepRecording recording) throws IOException {
    var file = folder.resolve("page.html");
    Page.write(recording, file);
    browser.open(file);
  }

  /** An update that is lost: the one who has read is held until the other has written. */
  private static StepRecording lostUpdate(String name, @Nullable WaitGraph graph) {
    return new StepRecording(
        "value is 1, not 2",
        List.of("schedule 6 of 1,000, 1 hold", "replay: -Dsegue.replay=v1:1.2~ec21"),
        List.of(new Task(name, Ending.SUCCESS), new Task("audit", Ending.SUCCESS)),
        List.of(
            new Step(0, "Race:30 query", 0, Wake.START, -1, ""),
            new Step(1, "Race:36 query", 0, Wake.START, -1, "for event 1 (not set)"),
            new Step(0, "Race:31 query", 1, Wake.YIELD, -1, ""),
            new Step(1, "Race:36 query", 3, Wake.TASK, 0, ""),
            new Step(1, "Race:36 query", 4, Wake.YIELD, -1, ""),
            new Step(1, "ends", 5, Wake.YIELD, -1, ""),
            new Step(0, "ends", 3, Wake.YIELD, -1, "")),
        List.of(new Note(3, 0, name + " is held here: the others go first")),
        graph);
  }

  private static StepRecording lostUpdate() {
    return lostUpdate("update", null);
  }

  private static List<String> texts(String css) {
    return browser.findAll(css).stream().map(WebElement::getText).toList();
  }

  @Test
  void theFailureComesFirstAndThenWhatWasDoneToTheTasks() throws IOException {
    open(lostUpdate());
    assertThat(texts("#findings li"))
        .containsExactly(
            "value is 1, not 2", "After step 3: update is held here: the others go first");
    assertThat(texts("#facts span"))
        .containsExactly("schedule 6 of 1,000, 1 hold", "replay: -Dsegue.replay=v1:1.2~ec21");
  }

  @Test
  void theTableHasTheStepsWithTheirNumbersAndWhatWasDoneBetweenThem() throws IOException {
    open(lostUpdate());
    assertThat(texts("#all tbody tr"))
        .containsExactly(
            "1 update Race:30 query",
            "2 audit Race:36 query, waits for event 1 (not set)",
            "3 update Race:31 query",
            "update is held here: the others go first",
            "4–5 audit Race:36 query (2 steps)",
            "6 audit ends",
            "7 update ends");
  }

  @Test
  void whatATaskDidIsToldInSteps() throws IOException {
    open(lostUpdate());
    browser.type(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
    assertThat(browser.find("#detail").getText())
        .isEqualTo("update ran 3 times for 3 steps, was ready 4 steps, waited 0 steps");
    browser.findAll("#all tbody button").get(1).click();
    assertThat(browser.find("#detail").getText())
        .isEqualTo(
            "audit runs for 1 step · step 2 · Race:36 query"
                + " · then waits for event 1 (not set)");
    browser.findAll("#findings button").get(1).click();
    assertThat(browser.find("#detail").getText())
        .startsWith("update could run for 3 steps · steps 4 to 6")
        .endsWith("update is held here: the others go first");
  }

  @Test
  void whoWaitedForWhomIsOpen() throws IOException {
    var task = new WaitGraph.Node("update", 1, 1, "waits", null, 0);
    var graph = new WaitGraph("main", 0, true, 1, List.of(task), List.of(), List.of(), true);
    open(lostUpdate("update", graph));
    assertThat(browser.find("#graphs").getDomProperty("open")).isEqualTo("true");
    assertThat(browser.find("#graphs figcaption").getText()).isEqualTo("at the deadlock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>"})
  void aNameIsText(String name) throws IOException {
    open(lostUpdate(name, null));
    assertThat(browser.findAll("img")).isEmpty();
    assertThat(browser.find("#all tbody button").getDomProperty("textContent")).isEqualTo(name);
  }

  @Test
  void nothingAtAllIsShownToo() throws IOException {
    open(new StepRecording("STEPS", List.of(), List.of(), List.of(), List.of(), null));
    assertThat(texts("#findings li")).containsExactly("STEPS");
    browser.type("+", "0", Keys.ARROW_DOWN, Keys.ENTER, Keys.ARROW_LEFT);
  }

  @Test
  void manyStepsAreShown() throws IOException {
    var steps =
        new ArrayList<>(Collections.nCopies(10_000, new Step(0, "Spin:3", 0, Wake.YIELD, -1, "")));
    steps.add(new Step(1, "Other:3", 0, Wake.START, -1, ""));
    var tasks = List.of(new Task("spins", Ending.NONE), new Task("other", Ending.NONE));
    open(new StepRecording("no end", List.of(), tasks, steps, List.of(), null));
    browser.type("+", "+", Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
    assertThat(browser.find("#detail").getText()).startsWith("spins ran 10,000 times");
    assertThat(texts("#all tbody tr"))
        .containsExactly("1–10000 spins Spin:3 (10000 steps)", "10001 other Other:3");
  }

  /** For a look at it: {@code -Dsegue.screenshots=FOLDER}. */
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void itSuitsLightAndDarkAndANarrowWindow(String scheme) throws IOException {
    browser.prefer(scheme);
    for (int width : new int[] {1280, 420}) {
      browser.resize(width, 720);
      open(lostUpdate());
      var wide = "return document.documentElement.scrollWidth <= innerWidth";
      assertThat(browser.await("arguments[0]((() => {" + wide + "})())")).isEqualTo(true);
      var keep = System.getProperty("segue.screenshots");
      if (keep != null) {
        Files.createDirectories(Path.of(keep));
        browser.screenshot(Path.of(keep, "steps-" + scheme + "-" + width + ".png"));
      }
    }
    browser.resize(1280, 720);
  }
}

package dev.segue.inspect;

import dev.segue.fixtures.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Not a test, but a measurement: {@code evidence/run page}. */
class PageSpeed {
  /** Pans through the recording, a hundred frames. */
  private static final String PAN =
      """
      const done = arguments[0], timeline = document.getElementById('timeline'), times = [];
      let last;
      const frame = now => {
        if (last) times.push(now - last);
        last = now;
        if (times.length === 100) { done(times); return; }
        timeline.dispatchEvent(new WheelEvent('wheel', {deltaX: 40, deltaY: times.length % 2 ? 9 : -9}));
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      """;

  @TempDir Path folder;

  @Test
  void measure() throws IOException {
    System.out.println("spans      MB    open, ms   frame, ms: zoomed in   all in view");
    try (var browser = Browser.start()) {
      for (int spansEach : new int[] {500, 500, 5_000}) { // the first warms up
        var file = folder.resolve("page.html");
        Page.write(PageInBrowserTest.large(200, spansEach), file);
        long before = System.nanoTime();
        browser.open(file);
        long opened = System.nanoTime() - before;
        double all = frame(browser);
        browser.type("+++++++++++++++");
        System.out.printf(
            Locale.ROOT,
            "%,9d  %4.1f  %8d   %20.1f   %11.1f%n",
            200 * spansEach,
            Files.size(file) / 1e6,
            opened / 1_000_000,
            frame(browser),
            all);
      }
    }
  }

  /** The median time of a frame, in milliseconds. */
  private static double frame(Browser browser) {
    var times = (List<?>) browser.await(PAN);
    return times.stream()
        .mapToDouble(time -> ((Number) time).doubleValue())
        .sorted()
        .skip(times.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}

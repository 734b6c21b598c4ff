package dev.segue.testing.junit;

import dev.segue.testing.Interleaving;
import java.io.IOException;
import java.nio.file.Path;

/** A line in a stack trace: where the page of a schedule is, or why there is none. */
final class PageNote extends RuntimeException {
  private static final long serialVersionUID = 1;

  private PageNote(String text) {
    super(text, null, false, false);
  }

  /** Writes the page, and says so. */
  static PageNote ofWriting(Interleaving interleaving, Path file) {
    try {
      interleaving.writePage(file);
      return new PageNote("the schedule as a page: " + file.toAbsolutePath());
    } catch (IOException e) {
      return new PageNote("cannot write the page of the schedule: " + e);
    } catch (IllegalStateException e) {
      return new PageNote(String.valueOf(e.getMessage()));
    }
  }
}

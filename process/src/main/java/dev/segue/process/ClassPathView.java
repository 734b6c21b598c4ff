package dev.segue.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class path as one process sees it, with one line for each entry, to be compared with what
 * another process sees.
 *
 * <p>Of a folder it only says that it is one: comparing all of its files would take too long.
 */
final class ClassPathView {
  private ClassPathView() {}

  static List<String> of(Collection<Path> entries) {
    var lines = new ArrayList<String>();
    for (var entry : entries) {
      lines.add(line(entry.toFile()));
    }
    return lines;
  }

  /**
   * Compares the same entries as this process sees them: a sentence about the first one that
   * differs, or null.
   */
  static @Nullable String differenceFrom(List<String> lines) {
    for (var theirs : lines) {
      var path = theirs.substring(theirs.indexOf('\t') + 1);
      var ours = line(new File(path));
      if (!ours.equals(theirs)) {
        return sentence(path, kind(theirs), kind(ours));
      }
    }
    return null;
  }

  private static String sentence(String path, String theirs, String ours) {
    if (ours.equals("missing")) {
      return path
          + " on the class path has been deleted since the pool was built: build the pool with files"
          + " that stay in place";
    }
    if (theirs.equals("missing")) {
      return path
          + " on the class path was missing when the pool was built but exists now: restart the"
          + " program";
    }
    return path
        + " on the class path has been replaced since the pool was built: restart the program";
  }

  private static String kind(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  /** Returns kind, size, time of last change in milliseconds, a tab and the path. */
  private static String line(File file) {
    // In this order, two of the three calls are enough for a jar.
    var length = file.length();
    var modified = file.lastModified();
    if (length == 0 && modified == 0) {
      return "missing 0 0\t" + file;
    }
    return file.isDirectory()
        ? "folder 0 0\t" + file
        : "file " + length + " " + modified + "\t" + file;
  }
}

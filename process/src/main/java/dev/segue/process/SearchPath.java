package dev.segue.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class path or module path as text. */
final class SearchPath {
  private SearchPath() {}

  /**
   * The entries, absolute, because a worker may have another working directory. An empty entry is
   * the current folder.
   */
  static List<Path> split(String path) {
    var entries = new ArrayList<Path>();
    int start = 0;
    for (int end = path.indexOf(File.pathSeparatorChar);
        end >= 0;
        end = path.indexOf(File.pathSeparatorChar, start)) {
      entries.add(Path.of(path.substring(start, end)).toAbsolutePath());
      start = end + 1;
    }
    entries.add(Path.of(path.substring(start)).toAbsolutePath());
    return entries;
  }

  static String join(Iterable<Path> entries) {
    var path = new StringBuilder();
    for (var entry : entries) {
      if (!path.isEmpty()) {
        path.append(File.pathSeparatorChar);
      }
      path.append(entry);
    }
    return path.toString();
  }
}

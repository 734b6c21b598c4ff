package dev.segue.process;

import java.io.File;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When the class files in the folders of a class path were last changed, as it was when this was
 * made. Files that are added later are none of its business.
 */
final class ClassFiles {
  /** Of larger programs only so many files and folders are looked at, in no particular order. */
  private static final int MOST = 10_000;

  private final Map<File, Long> changed = LinkedHashMap.newLinkedHashMap(256);
  private int seen;

  ClassFiles(Collection<Path> classPath) {
    for (var entry : classPath) {
      add(entry.toFile());
    }
  }

  private void add(File folder) {
    var files = folder.listFiles(); // null for a jar
    if (files == null) {
      return;
    }
    for (var file : files) {
      if (++seen > MOST) {
        return;
      }
      if (file.getName().endsWith(".class")) {
        changed.put(file, file.lastModified());
      } else if (file.getName().indexOf('.') < 0) {
        add(file); // a folder, or a file without an extension
      }
    }
  }

  /** Tells which file has been changed or deleted since; null if none has. */
  @Nullable String difference() {
    for (var file : changed.entrySet()) {
      if (file.getKey().lastModified() != file.getValue()) {
        return file.getKey()
            + " on the class path has been "
            + (file.getKey().exists() ? "replaced" : "deleted")
            + " since the pool was built: restart the program";
      }
    }
    return null;
  }
}

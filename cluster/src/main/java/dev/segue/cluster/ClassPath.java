package dev.segue.cluster;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** What is on this JVM's class path. */
final class ClassPath {
  private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private ClassPath() {}

  /**
   * Returns the jars and folders, with those that the manifests of jars name, in the order in which
   * they are searched. The JVM has replaced wildcards already.
   */
  static List<Path> ofThisJvm() {
    return of(System.getProperty("java.class.path", ""));
  }

  static List<Path> of(String classPath) {
    var entries = new LinkedHashSet<Path>();
    for (var entry : SEPARATOR.splitAsStream(classPath).toList()) {
      if (!entry.isEmpty()) {
        add(Path.of(entry).toAbsolutePath().normalize(), entries);
      }
    }
    return List.copyOf(entries);
  }

  private static void add(Path entry, SequencedSet<Path> entries) {
    if (!Files.exists(entry) || !entries.add(entry) || Files.isDirectory(entry)) {
      return;
    }
    try (var jar = new JarFile(entry.toFile(), false)) {
      var manifest = jar.getManifest();
      var others =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      if (others != null) {
        for (var other : SPACES.splitAsStream(others.strip()).toList()) {
          var uri = entry.toUri().resolve(URI.create(other));
          if (uri.getScheme().equals("file")) {
            add(Path.of(uri).normalize(), entries);
          }
        }
      }
    } catch (IOException | IllegalArgumentException _) {
      // Not a jar, or a manifest that the JVM cannot read either.
    }
  }
}

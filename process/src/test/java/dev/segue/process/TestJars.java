package dev.segue.process;

import dev.segue.futures.WorkFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Segue and these tests, packed as programs are. */
final class TestJars {
  static final Path FUTURES = of(WorkFuture.class);
  static final Path PROCESS = of(ProcessPoolExecutor.class);
  static final Path TESTS = of(LaunchProbe.class);

  private TestJars() {}

  /** The folder or jar that a class is in. */
  static Path of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Packs folders and jars into one jar. */
  static Path jar(Path jar, Map<String, String> attributes, Path... contents) throws IOException {
    Files.createDirectories(jar.getParent());
    var manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    attributes.forEach(manifest.getMainAttributes()::putValue);
    var files = new TreeMap<String, Path>();
    for (var content : contents) {
      if (Files.isDirectory(content)) {
        addAll(content, files);
      } else {
        addAll(FileSystems.newFileSystem(content).getPath("/"), files);
      }
    }
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (var file : files.entrySet()) {
        out.putNextEntry(new JarEntry(file.getKey()));
        Files.copy(file.getValue(), out);
      }
    }
    return jar;
  }

  private static void addAll(Path root, Map<String, Path> files) throws IOException {
    try (var all = Files.walk(root)) {
      all.filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("META-INF/MANIFEST.MF"))
          .forEach(file -> files.put(root.relativize(file).toString(), file));
    }
  }

  /** Copies only the file of one class to a folder of classes. */
  static void copyClass(Class<?> type, Path folder) {
    var name = type.getName().replace('.', '/') + ".class";
    try {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.copy(TESTS.resolve(name), folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> all() {
    return List.of(PROCESS, FUTURES, TESTS);
  }
}

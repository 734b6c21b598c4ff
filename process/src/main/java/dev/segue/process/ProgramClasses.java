package dev.segue.process;

import dev.segue.futures.WorkFuture;
import dev.segue.process.codec.MemoryClasses;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where this program's classes are, so that workers load the same ones.
 *
 * @param classPath jars and folders, absolute
 * @param modulePath the same for modules; null unless Segue itself runs as a module
 * @param loaders the class loaders whose classes workers have; null if the caller has given the
 *     class path, which is then trusted
 */
record ProgramClasses(
    List<Path> classPath, @Nullable List<Path> modulePath, @Nullable Set<ClassLoader> loaders) {

  private static final String REMEDY =
      "pass the program's jars and folders, including Segue's, to"
          + " ProcessPoolExecutor.builder().classPath(...)";

  /**
   * Finds the classes of this program.
   *
   * @param given a class path to use instead
   * @throws IllegalStateException if a worker could not load them; says why, and what to do
   */
  static ProgramClasses find(@Nullable List<Path> given) {
    if (given != null) {
      return new ProgramClasses(existing(given), null, null);
    }
    var segue = ProcessPoolExecutor.class;
    if (segue.getModule().isNamed()) {
      if (segue.getModule().getLayer() != ModuleLayer.boot()) {
        throw new IllegalStateException(
            "Segue is in a module layer that this program created, which workers do not have: "
                + REMEDY);
      }
      return new ProgramClasses(
          modules("java.class.path"), modules("jdk.module.path"), systemLoaders());
    }
    return of(segue.getClassLoader());
  }

  /** Returns all jars and folders of both paths. */
  List<Path> all() {
    return modulePath == null
        ? classPath
        : Stream.concat(modulePath.stream(), classPath.stream()).toList();
  }

  /** Whether workers have the class path with which this JVM was started, and nothing else. */
  boolean isThisClassPath() {
    return modulePath == null && systemLoaders().equals(loaders);
  }

  /** Finds the classes of a loader and its parents. */
  static ProgramClasses of(ClassLoader loader) {
    var loaders = new HashSet<>(systemLoaders());
    var program = entries(loader, loaders);
    var entries = new LinkedHashSet<>(program); // in this order, as the ProgramCache requires
    entries.addAll(ofSegue());
    return new ProgramClasses(List.copyOf(entries), null, Set.copyOf(loaders));
  }

  /**
   * Explains why workers cannot load a class; null if they can.
   *
   * <p>Costs little more than a look-up in a set.
   */
  @Nullable String refusalFor(Class<?> type) {
    var loader = type.getClassLoader();
    if (loaders == null || loader == null) {
      return null;
    }
    if (loaders.contains(loader)) {
      return loader instanceof URLClassLoader && type.getProtectionDomain().getCodeSource() == null
          ? refusal(type, loader)
          : null;
    }
    return refusal(type, loader);
  }

  private static String refusal(Class<?> type, ClassLoader loader) {
    var inMemory = MemoryClasses.refusal(type, "workers");
    if (inMemory != null) {
      return inMemory;
    }
    return "%s comes from the class loader %s, which workers do not have: load it from the class path, or %s"
        .formatted(MemoryClasses.name(type), loader.getClass().getName(), REMEDY);
  }

  /** Returns the entries in the order in which the loader and its parents search them. */
  private static List<Path> entries(@Nullable ClassLoader loader, Set<ClassLoader> met) {
    if (loader == null || loader.equals(ClassLoader.getPlatformClassLoader())) {
      return List.of();
    }
    if (met.contains(loader)) {
      return SearchPath.split(System.getProperty("java.class.path", ""));
    }
    met.add(loader);
    var own = files(loader);
    var parents = entries(loader.getParent(), met);
    // A plain URLClassLoader asks its parent first; most of its subclasses do not.
    var entries = new ArrayList<>(loader.getClass() == URLClassLoader.class ? parents : own);
    entries.addAll(loader.getClass() == URLClassLoader.class ? own : parents);
    return entries;
  }

  private static List<Path> files(ClassLoader loader) {
    var name = loader.getClass().getName();
    if (!(loader instanceof URLClassLoader urls)) {
      throw new IllegalStateException(
          "Segue comes from the class loader %s, which workers do not have: %s"
              .formatted(name, REMEDY));
    }
    var files = new ArrayList<Path>();
    for (var url : urls.getURLs()) {
      if (!url.getProtocol().equals("file")) {
        throw new IllegalStateException(
            "Segue comes from the class loader %s, which reads %s; workers can only read jars and folders: %s"
                .formatted(
                    name,
                    url,
                    name.startsWith("org.springframework.boot.loader.")
                        ? "unpack the program with `java -Djarmode=tools -jar app.jar extract` and"
                            + " start the result, or "
                            + REMEDY
                        : REMEDY));
      }
      files.add(path(url));
    }
    return files;
  }

  private static List<Path> ofSegue() {
    var jars = new LinkedHashSet<Path>();
    for (var type : List.of(ProcessPoolExecutor.class, WorkFuture.class)) {
      var source = type.getProtectionDomain().getCodeSource();
      if (source != null && source.getLocation().getProtocol().equals("file")) {
        jars.add(path(source.getLocation()));
      }
    }
    return List.copyOf(jars);
  }

  private static Set<ClassLoader> systemLoaders() {
    var loaders = new HashSet<ClassLoader>();
    for (var next = ClassLoader.getSystemClassLoader(); next != null; next = next.getParent()) {
      loaders.add(next);
    }
    return Set.copyOf(loaders);
  }

  private static List<Path> existing(List<Path> entries) {
    for (var entry : entries) {
      if (!Files.exists(entry)) {
        throw new IllegalStateException(
            "classPath contains %s, which does not exist".formatted(entry));
      }
    }
    return entries.stream().map(Path::toAbsolutePath).toList();
  }

  private static Path path(URL url) {
    URI uri;
    try {
      uri = url.toURI();
    } catch (URISyntaxException _) {
      return Path.of(url.getPath()); // an unescaped character: taken literally
    }
    return Path.of(uri);
  }

  /**
   * Splits a path; without one there are no entries, since modules may be in the run-time image.
   */
  private static List<Path> modules(String property) {
    var path = System.getProperty(property, "");
    return path.isEmpty() ? List.of() : SearchPath.split(path);
  }
}

package dev.segue.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.segue.futures.WorkFuture;
import dev.segue.process.codec.Encoder;
import dev.segue.process.codec.MemoryClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.util.Utils;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Sends the executors of a context the classes that they lack. Spark gives what is sent to each
 * executor with its next task, also to one that starts later. Safe for use by several threads.
 */
final class ClassShipping {
  private static WeakReference<ClassShipping> latest = new WeakReference<>(null);

  private final SparkContext context;

  @GuardedBy("this")
  private final Set<Path> sent = new HashSet<>();

  @GuardedBy("this")
  private final Set<Class<?>> sentHosts = new HashSet<>();

  private @Nullable Path folder; // guarded by this

  private ClassShipping(SparkContext context) {
    this.context = context;
  }

  /** Returns the one of a context, which knows what has been sent before. */
  @SuppressWarnings("ReferenceEquality") // a context is itself
  static synchronized ClassShipping of(SparkContext context) {
    var known = latest.get();
    if (known == null || known.context != context) {
      known = new ClassShipping(context);
      latest = new WeakReference<>(known);
    }
    return known;
  }

  /**
   * Sends what each task needs. Blocks until an executor has answered, if the whole class path is
   * wanted.
   *
   * @param wholeClassPath whether to send all that this JVM has on its class path and the executors
   *     have not
   */
  void ship(boolean wholeClassPath) {
    if (context.isLocal()) {
      return; // the executors are in this JVM
    }
    List.of(ClassShipping.class, Encoder.class, WorkFuture.class).forEach(this::sendSourceOf);
    if (wholeClassPath) {
      var theirs = ClassPathOfExecutor.ask(context);
      for (var entry : ClassPath.ofThisJvm()) {
        if (!theirs.has(entry)) {
          send(entry);
        }
      }
    }
  }

  /**
   * Sends a jar, or a folder of classes.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  void addJar(Path jar) {
    if (!Files.exists(jar)) {
      throw new IllegalArgumentException("addJar: " + jar + " does not exist");
    }
    send(jar.toAbsolutePath().normalize());
  }

  /**
   * Sends classes, each with all that its source nests in the same outermost class.
   *
   * @throws IllegalArgumentException if the bytes of one are nowhere to be found
   */
  void addClasses(Class<?>... classes) {
    var hosts = new LinkedHashSet<Class<?>>();
    for (var type : classes) {
      hosts.add(type.getNestHost());
    }
    synchronized (this) {
      hosts.removeAll(sentHosts);
      if (hosts.isEmpty()) {
        return;
      }
      var files = new LinkedHashMap<String, byte[]>();
      for (var host : hosts) {
        for (var type : host.getNestMembers()) {
          if (!type.isHidden()) {
            files.put(type.getName().replace('.', '/') + ".class", bytes(type));
          }
        }
      }
      try {
        add(Jars.of(files, freshName("classes.jar")));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot make a jar of " + hosts, e);
      }
      sentHosts.addAll(hosts);
    }
  }

  /**
   * Explains why executors cannot load a class, and what to do; null if they may. They may have
   * more than was sent from here.
   */
  @Nullable String refusalFor(Class<?> type) {
    var refusal = context.isLocal() ? null : MemoryClasses.refusal(type, "executors");
    if (refusal == null) {
      return null;
    }
    synchronized (this) {
      return sentHosts.contains(type.getNestHost())
          ? null
          : refusal + ", or send it with addClasses(" + expression(type) + ")";
    }
  }

  private static String expression(Class<?> type) {
    return type.isHidden() ? "task.getClass()" : type.getSimpleName() + ".class";
  }

  private static byte[] bytes(Class<?> type) {
    var file = "/" + type.getName().replace('.', '/') + ".class";
    try (var in = type.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "addClasses: the class loader of "
                + type.getName()
                + ", "
                + type.getClassLoader()
                + ", does not give its bytes: put it into a jar, and send that with addJar()");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("addClasses: cannot read " + type.getName(), e);
    }
  }

  private void sendSourceOf(Class<?> type) {
    var source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException(
          "cannot find the jar of " + type.getName() + ", which executors need");
    }
    try {
      send(Path.of(source.getLocation().toURI()).toAbsolutePath().normalize());
    } catch (URISyntaxException | RuntimeException e) {
      throw new IllegalStateException(
          type.getName()
              + " comes from "
              + source.getLocation()
              + ", which is no file that can be sent to executors: start the program with Segue's"
              + " jars on its class path",
          e);
    }
  }

  private synchronized void send(Path entry) {
    if (sent.contains(entry)) {
      return;
    }
    try {
      var name = String.valueOf(entry.getFileName());
      Path jar;
      if (Files.isDirectory(entry)) {
        jar = Jars.of(entry, freshName(name + ".jar"));
      } else if (isTaken(name)) {
        jar = freshName(name); // Spark serves a name once
        Files.copy(entry, jar, StandardCopyOption.REPLACE_EXISTING);
      } else {
        jar = entry;
      }
      add(jar);
      sent.add(entry);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send " + entry + " to the executors", e);
    }
  }

  /** Whether a jar of that name has been added, by the program itself perhaps. */
  private boolean isTaken(String name) {
    for (var url : CollectionConverters.asJava(context.listJars())) {
      if (String.valueOf(Path.of(URI.create(url).getPath()).getFileName()).equals(name)) {
        return true;
      }
    }
    return false;
  }

  private void add(Path jar) {
    context.addJar(jar.toUri().toString());
  }

  /** Returns a path whose last name no other jar of the context has. */
  @GuardedBy("this")
  private Path freshName(String name) throws IOException {
    if (folder == null) {
      // Spark deletes it when this JVM ends.
      folder = Utils.createTempDir(System.getProperty("java.io.tmpdir"), "segue-jars").toPath();
    }
    return Files.createTempFile(folder, "segue-", "-" + name);
  }
}

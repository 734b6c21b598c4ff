package dev.segue.process;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;

/** Runs {@link LaunchProbe} in a class loader, as a container would. Knows nothing of Segue. */
public final class LoaderProbe {
  private LoaderProbe() {}

  /** The kind of loader, where its classes are separated by commas, and what to run. */
  public static void main(String[] args) throws Exception {
    var urls = Arrays.stream(args[1].split(",")).map(LoaderProbe::url).toArray(URL[]::new);
    var loader =
        switch (args[0]) {
          case "plain" -> new URLClassLoader(urls);
          case "opaque" -> new Opaque(new URLClassLoader(urls));
          default -> throw new IllegalArgumentException(args[0]);
        };
    var main = loader.loadClass("dev.segue.process.LaunchProbe").getMethod("main", String[].class);
    main.invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
  }

  private static URL url(String text) {
    try {
      return java.net.URI.create(text).toURL();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Defines classes from bytes that it gets from somewhere. */
  static final class Opaque extends ClassLoader {
    private final ClassLoader source;

    Opaque(ClassLoader source) {
      this.source = source;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try (var in = source.getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        var bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}

package dev.segue.process;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;

/** Runs {@link LaunchProbe} in a class loader, as a container would. Knows nothing of Segue. */
public final class LoaderProbe {
  private LoaderProbe() {}

  /** Takes the kind of loader, its URLs separated by commas, and the arguments of the probe. */
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

  /** Defines classes without telling where they come from. */
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

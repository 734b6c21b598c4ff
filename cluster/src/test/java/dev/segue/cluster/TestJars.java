package dev.segue.cluster;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/** Makes jars. */
final class TestJars {
  private TestJars() {}

  /** Compiles a class into a folder, and loads it from there alone. */
  static Class<?> compiled(Path folder, String name, String source) throws Exception {
    Files.createDirectories(folder);
    var file = folder.resolve(name + ".java");
    Files.writeString(file, source);
    var compiler = ToolProvider.getSystemJavaCompiler();
    int exitCode =
        compiler.run(null, null, null, "-proc:none", "-d", folder.toString(), file.toString());
    if (exitCode != 0) {
      throw new AssertionError("javac ended with " + exitCode);
    }
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}).loadClass(name);
  }

  /** Makes an empty jar whose manifest names others. */
  static Path withClassPath(Path jar, String classPath) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }
}

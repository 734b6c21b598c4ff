package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverJarTest {
  private static final String DRIVER =
      """
      import java.sql.*;
      import java.util.*;
      import java.util.logging.Logger;

      public class Far implements Driver {
        @Override public boolean acceptsURL(String url) { return url.startsWith("jdbc:far:"); }
        @Override public Connection connect(String url, Properties info) throws SQLException {
          if (!acceptsURL(url)) return null;
          throw new SQLException("too far away");
        }
        @Override public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return null; }
        @Override public int getMajorVersion() { return 1; }
        @Override public int getMinorVersion() { return 0; }
        @Override public boolean jdbcCompliant() { return false; }
        @Override public Logger getParentLogger() { return null; }
      }
      """;

  @TempDir Path folder;

  @Test
  void aDriverInAJarIsUsed() throws Exception {
    var cli =
        Cli.run("examples", "race-db", "--db", "jdbc:far:x", "--driver", driverJar().toString());
    assertThat(cli.err())
        .isEqualTo("segue examples: cannot connect to the database: too far away\n");
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  private Path driverJar() throws Exception {
    var source = Files.writeString(folder.resolve("Far.java"), DRIVER);
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString()))
        .isZero();
    var jar = folder.resolve("far.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("Far.class"));
      out.write(Files.readAllBytes(folder.resolve("Far.class")));
      out.putNextEntry(new JarEntry("META-INF/services/java.sql.Driver"));
      out.write("Far".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return jar;
  }
}

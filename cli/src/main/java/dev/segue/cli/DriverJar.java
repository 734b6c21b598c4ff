package dev.segue.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * A jar with JDBC drivers that is not on the class path.
 *
 * <p>{@link DriverManager} gives a driver only to classes that could load it themselves; so each is
 * registered behind a proxy that the command line's classes can.
 */
final class DriverJar {
  private DriverJar() {}

  /**
   * Registers the jar's drivers.
   *
   * @throws SQLException if there is none, or none that can be loaded
   */
  static void register(Path jar) throws SQLException {
    if (!Files.isReadable(jar)) {
      throw new SQLException("there is no readable file " + jar);
    }
    boolean any = false;
    try {
      // Never closed: the drivers go on to load classes.
      var urls = new URL[] {jar.toUri().toURL()};
      var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
      for (var driver : ServiceLoader.load(Driver.class, loader)) {
        DriverManager.registerDriver(visible(driver));
        any = true;
      }
    } catch (MalformedURLException | ServiceConfigurationError | LinkageError e) {
      throw new SQLException("the driver in " + jar + " cannot be loaded: " + e.getMessage(), e);
    }
    if (!any) {
      throw new SQLException("there is no JDBC driver in " + jar);
    }
  }

  private static Driver visible(Driver driver) {
    return (Driver)
        Proxy.newProxyInstance(
            DriverJar.class.getClassLoader(),
            new Class<?>[] {Driver.class},
            (_, method, arguments) -> {
              try {
                return method.invoke(driver, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}

package dev.segue.lab;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ServiceLoader;

/**
 * A jar with JDBC drivers that is not on the class path.
 *
 * <p>{@link DriverManager} gives a driver only to classes that could load it themselves; so each is
 * registered behind a proxy that this module's can.
 */
final class DriverJar {
  private DriverJar() {}

  /** Registers the jar's drivers, and returns whether there were any. */
  static boolean register(Path jar) throws IOException {
    var urls = new URL[] {jar.toUri().toURL()};
    var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader()); // never closed
    boolean any = false;
    for (var driver : ServiceLoader.load(Driver.class, loader)) {
      try {
        DriverManager.registerDriver(visible(driver));
      } catch (SQLException e) {
        throw new IllegalStateException("DriverManager refused a driver", e);
      }
      any = true;
    }
    return any;
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

package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.segue.EventLoop;
import dev.segue.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server of {@code src/main/examples} on a loop of its own, at a free port. */
final class ExampleServer implements AutoCloseable {
  /** How many connections the tests open at once. */
  static final int CROWD = 1000;

  private final ServerSocket listener;
  private final EventLoop loop;
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final Task<@Nullable Void> serving;

  /** Starts a server, whose {@code serve} takes its listener and the given arguments. */
  ExampleServer(String file, Object... arguments) throws Exception {
    listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    loop =
        EventLoop.builder()
            .name(file)
            .exceptionHandler((_, failure) -> failures.add(failure))
            .start();
    var type = Class.forName(file);
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    var server = constructor.newInstance();
    var serve =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> method.getName().equals("serve"))
            .findFirst()
            .orElseThrow();
    serve.setAccessible(true);
    var all = Stream.concat(Stream.of(listener), Stream.of(arguments)).toArray();
    serving =
        loop.submit(() -> {
          try {
            serve.invoke(server, all);
          } catch (InvocationTargetException e) {
            throw new IllegalStateException("it has stopped serving", e.getCause());
          }
        });
  }

  int port() {
    return listener.getLocalPort();
  }

  Socket connect() throws IOException {
    var socket = new Socket(listener.getInetAddress(), port());
    socket.setSoTimeout(30_000); // so that a test that waits in vain says where
    return socket;
  }

  /** Ends the server, and fails if a task of it has failed. */
  @Override
  public void close() throws IOException {
    serving.cancel();
    loop.close();
    listener.close();
    assertThat(failures).isEmpty();
  }

  /** Skips the calling test where this JVM cannot have both ends of a crowd's connections. */
  static void assumeRoomForACrowd() {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
    assumeTrue(
        free > 2 * CROWD + 200,
        () ->
            CROWD
                + " connections need "
                + (2 * CROWD + 200)
                + " descriptors, and "
                + free
                + " are free: raise ulimit -n");
  }
}

package dev.segue.cluster.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Hosts on this machine: network namespaces of Linux, each with an address of its own on a network
 * that they share with no other. Only root can make them.
 */
final class Namespaces implements AutoCloseable {
  private static final String PREFIX = "segue-";

  private final String prefix = PREFIX + ProcessHandle.current().pid() + "-";
  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final Thread hook = new Thread(this::deleteAll, "segue-namespaces-end");

  /** Makes hosts. Fails with what {@code ip} says where that cannot be done. */
  Namespaces(String... hosts) throws IOException, InterruptedException {
    sweep();
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      var bridge = prefix + "bridge";
      ip("netns", "add", bridge);
      ip("-n", bridge, "link", "add", "name", "br0", "type", "bridge");
      ip("-n", bridge, "link", "set", "br0", "up");
      for (var host : hosts) {
        add(host, bridge, addresses.size() + 1);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void add(String host, String bridge, int number)
      throws IOException, InterruptedException {
    var name = prefix + host;
    var address = "10.77.0." + number;
    ip("netns", "add", name);
    ip("-n", name, "link", "set", "lo", "up");
    ip(
        "-n",
        name,
        "link",
        "add",
        "name",
        "eth0",
        "type",
        "veth",
        "peer",
        "name",
        "v" + number,
        "netns",
        bridge);
    ip("-n", bridge, "link", "set", "v" + number, "master", "br0", "up");
    ip("-n", name, "addr", "add", address + "/24", "dev", "eth0");
    ip("-n", name, "link", "set", "eth0", "up");
    addresses.put(host, address);
  }

  String address(String host) {
    return addresses.get(host);
  }

  /** Returns what to put before a command, to run it on a host. */
  List<String> on(String host) {
    return List.of("ip", "netns", "exec", prefix + host);
  }

  /** Cuts a host off from all others. */
  void cut(String host) throws IOException, InterruptedException {
    ip("-n", prefix + host, "link", "set", "eth0", "down");
  }

  /** Connects a host again. */
  void connect(String host) throws IOException, InterruptedException {
    ip("-n", prefix + host, "link", "set", "eth0", "up");
  }

  /** Kills all that runs on the hosts, and removes them. */
  @Override
  public void close() {
    deleteAll();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void deleteAll() {
    try {
      for (var name : names()) {
        if (name.startsWith(prefix)) {
          delete(name);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Removes what killed tests have left. */
  private static void sweep() throws IOException, InterruptedException {
    for (var name : names()) {
      if (name.matches(PREFIX + "\\d+-.*")
          && ProcessHandle.of(Long.parseLong(name.split("-")[1])).isEmpty()) {
        delete(name);
      }
    }
  }

  private static List<String> names() throws IOException, InterruptedException {
    return ip("netns", "list").stream().map(line -> line.split(" ")[0]).toList();
  }

  private static void delete(String name) throws IOException, InterruptedException {
    for (var pid : ip("netns", "pids", name)) {
      ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(process -> process.destroyForcibly());
    }
    ip("netns", "del", name);
  }

  private static List<String> ip(String... arguments) throws IOException, InterruptedException {
    var command = Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList();
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new ArrayList<String>();
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(output::add);
    }
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + String.join("; ", output));
    }
    return output;
  }
}

package dev.segue.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A cluster, as a command line names it.
 *
 * @param address a standalone Spark master, as {@code spark://host:port}; or {@code new} for a
 *     cluster that is to be started on this machine
 */
record Master(String address) {
  static final Master NEW = new Master("new");

  private static final Pattern STANDALONE =
      Pattern.compile("spark://[^:/,]+:\\d{1,5}(,[^:/,]+:\\d{1,5})*");

  private static final int MOST_PORTS = 65_535;
  private static final int CONNECT_MILLIS = 3_000;

  /** Reads one from the command line. */
  static final class Converter implements ITypeConverter<Master> {
    @Override
    public Master convert(String text) {
      var master = new Master(text);
      if (master.isNew()
          || (STANDALONE.matcher(text).matches()
              && master.hosts().stream()
                  .allMatch(host -> host.getPort() > 0 && host.getPort() <= MOST_PORTS))) {
        return master;
      }
      throw new TypeConversionException(
          "'" + text + "' is neither spark://host:port nor new, for a cluster on this machine");
    }
  }

  boolean isNew() {
    return equals(NEW);
  }

  /** Says why the cluster cannot be used, after a few seconds at most; empty if it answers. */
  Optional<String> missing() {
    if (isNew()) {
      return Optional.empty();
    }
    var reasons = new ArrayList<String>();
    for (var host : hosts()) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(host.getHostString(), host.getPort()), CONNECT_MILLIS);
        return Optional.empty();
      } catch (UnknownHostException _) {
        reasons.add("there is no host " + host.getHostString());
      } catch (IOException e) {
        reasons.add(host.getHostString() + ":" + host.getPort() + ": " + e.getMessage());
      }
    }
    return Optional.of(
        "no master answers at "
            + address
            + " ("
            + String.join("; ", reasons)
            + "); its address is on its web page, and '--master new' starts one on this machine");
  }

  /** The addresses of a master and those that stand by for it. */
  private List<InetSocketAddress> hosts() {
    return Arrays.stream(address.substring("spark://".length()).split(","))
        .map(each -> each.split(":", 2))
        .map(each -> InetSocketAddress.createUnresolved(each[0], port(each[1])))
        .toList();
  }

  /** 0, which nothing listens on, if it is too large. */
  private static int port(String digits) {
    int port = Integer.parseInt(digits);
    return port > MOST_PORTS ? 0 : port;
  }
}

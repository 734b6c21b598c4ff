package dev.segue.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.segue.cli.Unreachable.Reason;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * The second way to have a process answer: the JVM's Attach API loads an agent into it, which needs
 * no thread of Segue's there. The JVM warns of that on the process's standard error.
 */
final class AttachedAgent {
  private AttachedAgent() {}

  /**
   * Has each class loader of a process answer that has loaded Segue.
   *
   * @throws Unreachable if there is none, or the JVM does not allow it
   */
  static List<SocketChannel> ask(JavaProcess target, Letterbox letterbox)
      throws IOException, Unreachable, InterruptedException {
    var socket = letterbox.folder().resolve(letterbox.socketName());
    var jar = Path.of(socket + ".jar");
    var count = Path.of(socket + AttachAgent.COUNT);
    int expected;
    try {
      writeJar(jar);
      load(target, jar, socket);
      expected = Integer.parseInt(Files.readString(count));
    } finally {
      Files.deleteIfExists(jar);
      Files.deleteIfExists(count);
    }
    if (expected == 0) {
      throw new Unreachable(
          Reason.NO_SEGUE,
          target.hasPool()
              ? "process "
                  + target.pid()
                  + " has a process pool, but cannot answer without segue-core on its class path"
              : "no class of Segue's has been loaded in process " + target.pid());
    }
    var answers = new ArrayList<SocketChannel>();
    while (answers.size() < expected) {
      answers.add(letterbox.answer());
    }
    return answers;
  }

  private static void writeJar(Path jar) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(new Attributes.Name("Agent-Class"), AttachAgent.class.getName());
    var file = AttachAgent.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        var in =
            Objects.requireNonNull(AttachAgent.class.getResourceAsStream("AttachAgent.class"))) {
      out.putNextEntry(new JarEntry(file));
      in.transferTo(out);
      out.closeEntry();
    }
  }

  private static void load(JavaProcess target, Path jar, Path socket)
      throws IOException, Unreachable {
    try {
      var machine = VirtualMachine.attach(String.valueOf(target.pid()));
      try {
        machine.loadAgent(jar.toString(), socket.toString());
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new Unreachable(
          Reason.NO_ANSWER,
          "process " + target.pid() + " cannot be attached to: " + e.getMessage());
    } catch (AgentLoadException | AgentInitializationException e) {
      throw new Unreachable(
          Reason.NO_ANSWER,
          "process " + target.pid() + " has not loaded the agent: " + e.getMessage());
    }
  }
}

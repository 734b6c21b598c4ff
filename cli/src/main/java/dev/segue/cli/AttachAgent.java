package dev.segue.cli;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What runs in a process that the command has attached to: it has each class loader's Segue answer.
 * The command brings this class to the process alone, so it uses no other one of the project's.
 */
final class AttachAgent {
  /** Ends the name of the file with the number of those that answer, beside the socket. */
  static final String COUNT = ".count";

  private AttachAgent() {}

  /**
   * Called by the JVM.
   *
   * @param argument the path of the socket on which the command listens
   */
  public static void agentmain(String argument, Instrumentation instrumentation)
      throws ReflectiveOperationException, IOException {
    var socket = Path.of(argument);
    var loaders = new HashSet<ClassLoader>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (type.getName().equals("dev.segue.EventLoop") && loaders.add(type.getClassLoader())) {
        var module = type.getModule();
        if (module.isNamed()) {
          instrumentation.redefineModule(
              module,
              Set.of(),
              Map.of(),
              Map.of("dev.segue", Set.of(AttachAgent.class.getModule())),
              Set.of(),
              Map.of());
        }
        var answer =
            Class.forName("dev.segue.Inquiry", true, type.getClassLoader())
                .getDeclaredMethod("answer", Path.class, String.class);
        answer.setAccessible(true);
        answer.invoke(null, socket.getParent(), socket.getFileName().toString());
      }
    }
    Files.writeString(Path.of(argument + COUNT), String.valueOf(loaders.size()));
  }
}

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

  private static final Set<String> SEGUE =
      Set.of("dev.segue.EventLoop", "dev.segue.process.ProcessPoolExecutor");

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
    int answering = 0;
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (SEGUE.contains(type.getName()) && loaders.add(type.getClassLoader())) {
        answering += answer(socket, type.getClassLoader(), instrumentation) ? 1 : 0;
      }
    }
    Files.writeString(Path.of(argument + COUNT), String.valueOf(answering));
  }

  /** Returns false where there is a process pool alone, without what answers. */
  private static boolean answer(Path socket, ClassLoader loader, Instrumentation instrumentation)
      throws ReflectiveOperationException {
    Class<?> inquiry;
    try {
      inquiry = Class.forName("dev.segue.Inquiry", true, loader);
    } catch (ClassNotFoundException _) {
      return false;
    }
    if (inquiry.getModule().isNamed()) {
      instrumentation.redefineModule(
          inquiry.getModule(),
          Set.of(),
          Map.of(),
          Map.of("dev.segue", Set.of(AttachAgent.class.getModule())),
          Set.of(),
          Map.of());
    }
    var answer = inquiry.getDeclaredMethod("answer", Path.class, String.class);
    answer.setAccessible(true);
    answer.invoke(null, socket.getParent(), socket.getFileName().toString());
    return true;
  }
}

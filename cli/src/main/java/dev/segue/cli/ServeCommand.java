package dev.segue.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segue serve}: the examples that run until a signal stops them. */
@Command(
    name = "serve",
    header = "Runs a server whose connections are tasks, over plain sockets.",
    description = {
      "%nEach server is a single file of at most 80 lines in cli/src/main/examples, ChatServer.java "
          + "and FileServer.java. Copy one and change it: 'segue run' runs it. They accept "
          + "connections from this machine only.%n"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped by Ctrl-C or TERM",
      "1:the port cannot be used",
      "2:the command line is wrong",
      "130:Ctrl-C was pressed again before the server had stopped"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  segue serve chat               then, in other terminals: nc localhost 7000",
      "  segue serve files docs         then: curl localhost:8080/engines.md",
      "  segue serve files --port 0     serves the current folder on any free port",
    })
final class ServeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to serve: chat or files");
  }

  @Command(
      name = "chat",
      header = "Serves a chat: every member reads what one writes.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  int chat(
      @Option(
              names = "--port",
              paramLabel = "N",
              defaultValue = "7000",
              description = "The port to listen on, 0 for any free one. Default: 7000.")
          int port)
      throws Exception {
    return serve("chat", "ChatServer", port);
  }

  @Command(
      name = "files",
      header = "Serves the files of a folder over HTTP/1.1.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  int files(
      @Parameters(
              paramLabel = "FOLDER",
              arity = "0..1",
              defaultValue = ".",
              description = "The folder to serve. Default: the current one.")
          Path folder,
      @Option(
              names = "--port",
              paramLabel = "N",
              defaultValue = "8080",
              description = "The port to listen on, 0 for any free one. Default: 8080.")
          int port)
      throws Exception {
    if (!Files.isDirectory(folder)) {
      throw wrong("files", "there is no folder " + folder);
    }
    return serve("files", "FileServer", port, folder.toString());
  }

  private int serve(String name, String file, int port, String... more) throws Exception {
    if (port < 0 || port > 65_535) {
      throw wrong(name, "--port must be from 0 to 65535, not " + port);
    }
    var arguments = new String[1 + more.length];
    arguments[0] = String.valueOf(port);
    System.arraycopy(more, 0, arguments, 1, more.length);
    try {
      runMain(file, arguments);
      return ExitCode.OK;
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println("segue serve " + name + ": port " + port + ": " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private ParameterException wrong(String name, String message) {
    return new ParameterException(spec.commandLine().getSubcommands().get(name), message);
  }

  /** Runs the {@code main} of a file in {@code src/main/examples}, which no import can reach. */
  private static void runMain(String file, String... arguments) throws Exception {
    var program = Class.forName(file).getDeclaredConstructor();
    var main = program.getDeclaringClass().getDeclaredMethod("main", String[].class);
    program.setAccessible(true);
    main.setAccessible(true);
    try {
      main.invoke(program.newInstance(), (Object) arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof IOException cause ? cause : e;
    }
  }
}

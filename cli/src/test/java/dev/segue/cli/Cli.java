package dev.segue.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** A command line that was run in this JVM: its exit code and what it printed. */
record Cli(int exitCode, String out, String err) {
  static Cli run(String... arguments) {
    return run(ArticleExamples.ALL, arguments);
  }

  static Cli run(List<Example> examples, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Main.commandLine(new ExamplesCommand(examples))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Cli(exitCode, out.toString(), err.toString());
  }
}

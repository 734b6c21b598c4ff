package dev.segue.bench;

import dev.segue.bench.program.BareSelectorProgram;
import dev.segue.bench.program.ContinuationProgram;
import dev.segue.bench.program.SegueProgram;
import dev.segue.bench.program.VirtualThreadsProgram;
import java.util.List;

/**
 * A contender, and the command that starts its program: with the argument {@code hello} to print
 * that from a task, without to answer requests as an {@link AnsweringProgram}.
 *
 * @param contender who it is
 * @param command the program and its arguments
 */
public record Entrant(Contender contender, List<String> command) {
  private static final String OPEN = "--add-opens=java.base/java.lang=ALL-UNNAMED";

  /**
   * Returns those that are written in Java.
   *
   * @return one for each, Segue first
   */
  public static List<Entrant> inJava() {
    return List.of(
        java(Contender.SEGUE, SegueProgram.class, OPEN),
        java(Contender.PORTABLE, SegueProgram.class, "-Dsegue.engine=portable"),
        java(Contender.VIRTUAL_THREADS, VirtualThreadsProgram.class),
        java(
            Contender.VIRTUAL_THREADS_1,
            VirtualThreadsProgram.class,
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1"),
        java(
            Contender.CONTINUATION,
            ContinuationProgram.class,
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"),
        java(Contender.BARE_SELECTOR, BareSelectorProgram.class));
  }

  private static Entrant java(Contender contender, Class<?> program, String... options) {
    return new Entrant(contender, Processes.newJvm(List.of(options), program).command());
  }
}

package dev.segue.cli.cluster;

/** What clusters have that are started for a command. */
final class Machines {
  /** As many workers, of one core each, as the process pool beside them has. */
  static final int WORKERS = 2;

  /** Of a worker, in bytes: enough for one executor, as Spark has it by default. */
  static final long MEMORY = 1L << 30;

  private Machines() {}
}

package dev.segue.compare.workload;

/** There is no such workload, or something is wrong with it, which the message tells its author. */
public final class WorkloadException extends Exception {
  WorkloadException(String message) {
    super(message);
  }
}

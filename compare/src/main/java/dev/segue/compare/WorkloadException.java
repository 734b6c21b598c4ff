package dev.segue.compare;

/** A workload has no jobs to be compared: it is missing, or cannot be made, or gives none. */
public final class WorkloadException extends Exception {
  /**
   * Says what is wrong.
   *
   * @param message for the workload's author
   */
  public WorkloadException(String message) {
    super(message);
  }
}

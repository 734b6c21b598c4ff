package dev.segue;

/** Loops without a thread of their own: the one that calls {@link Kernel#run} serves them. */
final class Kernels {
  /** Gives the kernels a name and numbers for their tasks; never runs. */
  private static final EventLoop LOOP =
      EventLoop.builder().name("raced").engine(EventLoop.Engine.PORTABLE).build();

  private Kernels() {}

  static Kernel newKernel(TaskEngine engine) {
    return new Kernel(
        LOOP,
        engine,
        new RealClock(),
        new FifoSchedule(),
        null,
        null,
        new UnobservedFailures((_, _) -> {}));
  }
}

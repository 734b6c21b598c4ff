package dev.segue;

import org.jspecify.annotations.Nullable;

/** The engines that this JVM uses. One that no loop asked for is not even loaded. */
@AnyThread
final class Engines {
  /** System property: the engine of loops whose builder names none. */
  private static final String PROPERTY = "segue.engine";

  private static volatile boolean carrierUsed;
  private static volatile boolean portableUsed;

  private Engines() {}

  /**
   * Returns an engine for a new loop.
   *
   * @param chosen which; null for what the system property says
   * @throws IllegalStateException where this JVM does not let it run, naming the option that would
   */
  static TaskEngine forLoop(EventLoop.@Nullable Engine chosen) {
    return switch (chosen == null ? preferred() : chosen) {
      case CARRIER -> {
        var engine = CarrierEngine.get();
        carrierUsed = true;
        yield engine;
      }
      case PORTABLE -> {
        portableUsed = true;
        yield new PortableEngine();
      }
    };
  }

  private static EventLoop.Engine preferred() {
    var given = System.getProperty(PROPERTY, "carrier");
    return switch (given) {
      case "carrier" -> EventLoop.Engine.CARRIER;
      case "portable" -> EventLoop.Engine.PORTABLE;
      default ->
          throw new IllegalStateException(
              "the system property "
                  + PROPERTY
                  + " is '"
                  + given
                  + "'; it must be carrier or portable");
    };
  }

  /** The task that the calling thread runs; null where it runs none. */
  static @Nullable Task<?> currentTask() {
    var carried = carrierUsed ? CarrierEngine.currentTask() : null;
    return carried == null && portableUsed ? PortableTask.currentTask() : carried;
  }
}

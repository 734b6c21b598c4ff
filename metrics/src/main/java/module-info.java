import org.jspecify.annotations.NullMarked;

/** Metrics of Segue's event loops and process pools, for Micrometer. */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.segue.micrometer {
  requires static org.jspecify;
  requires static dev.segue.process;
  requires transitive dev.segue.inspect;
  requires transitive micrometer.core;

  exports dev.segue.micrometer;
}

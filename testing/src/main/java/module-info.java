import org.jspecify.annotations.NullMarked;

/**
 * What a test of code on Segue's event loop needs: a clock that nobody has to wait for, an explorer
 * of the orders in which tasks can run, and both as JUnit tests.
 */
@NullMarked
module dev.segue.testing {
  requires static dev.segue.inspect;
  requires static org.jspecify;
  requires static org.junit.jupiter.api;
  requires static org.junit.platform.commons;
  requires static java.instrument;
  requires transitive dev.segue;

  exports dev.segue.testing;
  exports dev.segue.testing.junit;
}

import org.jspecify.annotations.NullMarked;

/** What a test of code on Segue's event loop needs: a clock that nobody has to wait for. */
@NullMarked
module dev.segue.testing {
  requires static org.jspecify;
  requires transitive dev.segue;

  exports dev.segue.testing;
}

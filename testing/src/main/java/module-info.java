import org.jspecify.annotations.NullMarked;

/** What a test of code on Segue's event loop needs: a clock that the test moves. */
@NullMarked
module dev.segue.testing {
  requires static org.jspecify;
  requires transitive dev.segue;
}

import org.jspecify.annotations.NullMarked;

/** Python's {@code concurrent.futures} for any {@link java.util.concurrent.Future} and executor. */
@NullMarked
@SuppressWarnings("module") // the friends below are built after this
module dev.segue.futures {
  requires static org.jspecify;

  exports dev.segue.futures;
  exports dev.segue.futures.internal to
      dev.segue,
      dev.segue.process;
}

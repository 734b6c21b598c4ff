import org.jspecify.annotations.NullMarked;

/** Segue's event loop: tasks, groups, cancellation, time-outs and bridges to executors. */
@NullMarked
module dev.segue {
  requires transitive dev.segue.futures;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires static java.management;
  requires static jdk.net;
  requires static jdk.unsupported;

  exports dev.segue;
}

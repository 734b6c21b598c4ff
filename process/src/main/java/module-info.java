import org.jspecify.annotations.NullMarked;

/** A process pool: worker JVMs behind {@link java.util.concurrent.ExecutorService}. */
@NullMarked
module dev.segue.process {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires transitive dev.segue.futures;
  requires java.management;
  requires jdk.net;
  requires jdk.unsupported;

  exports dev.segue.process;
}

import org.jspecify.annotations.NullMarked;

/** One job under every model: what measures it, and says which to take. */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.segue.compare {
  requires HdrHistogram;
  requires com.google.gson;
  requires dev.segue.inspect;
  requires dev.segue.process;
  requires transitive dev.segue.futures;
  requires java.compiler;
  requires java.management;
  requires java.net.http;
  requires java.sql;
  requires jdk.httpserver;
  requires jdk.management;
  requires jdk.unsupported;
  requires static com.google.errorprone.annotations;
  requires static com.h2database;
  requires static org.jspecify;

  exports dev.segue.compare;

  uses dev.segue.compare.ClusterProvider;
}

import org.jspecify.annotations.NullMarked;

/** How fast Segue is, beside its peers and beside what the machine can do. */
@NullMarked
module dev.segue.bench {
  requires static org.jspecify;
  requires dev.segue;
  requires dev.segue.process;

  exports dev.segue.bench;
}

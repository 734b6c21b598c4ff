import org.jspecify.annotations.NullMarked;

/**
 * What shows how a program on Segue spends its time: a recorder, and what is made of its records.
 */
@NullMarked
module dev.segue.inspect {
  requires static org.jspecify;
  requires static jdk.jfr;
  requires transitive dev.segue;

  exports dev.segue.inspect;
}

package dev.segue.cluster;

import org.apache.spark.SparkContext;

/** Finds out why a cluster gives no executor. A stand-in. */
final class StartDiagnosis {
  private StartDiagnosis() {}

  static String reason(SparkContext context) {
    return context.master() + " has given none";
  }
}

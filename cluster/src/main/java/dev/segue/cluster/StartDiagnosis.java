package dev.segue.cluster;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** Finds out why a cluster gives no executor. A stand-in. */
final class StartDiagnosis {
  private StartDiagnosis() {}

  static void check(SparkConf configuration, Duration timeout) {}

  static String reason(SparkContext context) {
    return context.master() + " has given none";
  }
}

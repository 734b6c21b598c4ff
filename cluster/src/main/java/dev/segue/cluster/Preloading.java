package dev.segue.cluster;

import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/** Loads what a worker needs while it waits for the master to start. */
final class Preloading {
  private Preloading() {}

  static void ofWorker(String host, SparkConf configuration) {
    var rpc =
        RpcEnv.create(
            "preload",
            host,
            0,
            configuration,
            new SecurityManager(
                configuration, Option.empty(), SecurityManager.$lessinit$greater$default$3()),
            false);
    rpc.shutdown();
  }
}

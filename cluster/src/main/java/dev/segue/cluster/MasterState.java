package dev.segue.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.DeployMessages;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.reflect.ClassTag$;

/** Asks the master of a standalone cluster what it has. */
final class MasterState {
  private static final String SCHEME = "spark://";
  private static final Pattern COMMA = Pattern.compile(",");
  private static final int CLIENT = -1;

  private MasterState() {}

  /**
   * Returns the addresses of the masters of a standalone cluster, one of which leads; empty if it
   * is another cluster.
   *
   * @param master such as {@code spark://host1:7077,host2:7077}
   */
  static List<RpcAddress> addresses(String master) {
    var addresses = new ArrayList<RpcAddress>();
    if (master.startsWith(SCHEME)) {
      for (var each : COMMA.splitAsStream(master.substring(SCHEME.length())).toList()) {
        addresses.add(RpcAddress.fromSparkURL(SCHEME + each));
      }
    }
    return addresses;
  }

  /**
   * Returns the workers and applications that a master knows. Blocks until it answers, or for as
   * long as Spark waits for an answer.
   */
  static DeployMessages.MasterStateResponse ask(RpcEnv rpc, RpcAddress master) {
    return rpc.setupEndpointRef(master, Master.ENDPOINT_NAME())
        .askSync(
            DeployMessages.RequestMasterState$.MODULE$,
            ClassTag$.MODULE$.apply(DeployMessages.MasterStateResponse.class));
  }

  /** Makes what can ask, and be asked nothing. */
  static RpcEnv client(SparkConf configuration) {
    var security =
        new SecurityManager(
            configuration, Option.empty(), SecurityManager.$lessinit$greater$default$3());
    return RpcEnv.create("segue", "localhost", CLIENT, configuration, security, true);
  }
}

package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configurations of docs/cluster.md. */
@Tag("long")
@Timeout(240)
class SecurityTest {
  private static final String SECRET = "a long secret that nobody guesses";
  private static final String PASSWORD = "password of the stores";

  @TempDir Path folder;

  private static Map<String, String> secret() {
    var configuration = new LinkedHashMap<String, String>();
    configuration.put("spark.authenticate", "true");
    configuration.put("spark.authenticate.secret", SECRET);
    configuration.put("spark.network.crypto.enabled", "true");
    configuration.put("spark.network.crypto.saslFallback", "false");
    return configuration;
  }

  private Map<String, String> tls(String keyStore, String trustStore) {
    var configuration = new LinkedHashMap<String, String>();
    configuration.put("spark.authenticate", "true");
    configuration.put("spark.authenticate.secret", SECRET);
    configuration.put("spark.ssl.rpc.enabled", "true");
    configuration.put("spark.ssl.rpc.protocol", "TLSv1.3");
    configuration.put("spark.ssl.rpc.keyStore", folder.resolve(keyStore).toString());
    configuration.put("spark.ssl.rpc.keyStorePassword", PASSWORD);
    configuration.put("spark.ssl.rpc.keyPassword", PASSWORD);
    configuration.put("spark.ssl.rpc.trustStore", folder.resolve(trustStore).toString());
    configuration.put("spark.ssl.rpc.trustStorePassword", PASSWORD);
    return configuration;
  }

  private void makeStores(String name) throws Exception {
    var keys = folder.resolve(name + "-keys.p12").toString();
    var certificate = folder.resolve(name + ".cer").toString();
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-keystore", keys);
    keytool("-exportcert", "-file", certificate, "-keystore", keys);
    keytool(
        "-importcert",
        "-noprompt",
        "-file",
        certificate,
        "-keystore",
        folder.resolve(name + "-trust.p12").toString());
  }

  private static void keytool(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "spark", "-storetype", "PKCS12", "-storepass", PASSWORD));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")))
            .start();
    assertThat(process.waitFor()).isEqualTo(0);
  }

  private static LocalCluster cluster(Map<String, String> configuration) {
    var builder = LocalCluster.builder().workers(1);
    configuration.forEach(builder::config);
    return builder.start();
  }

  private static SparkConf with(LocalCluster cluster, Map<String, String> configuration) {
    var with = SharedCluster.configuration(cluster);
    configuration.forEach(with::set);
    return with;
  }

  private static void runsATaskAndShowsNoSecret(LocalCluster cluster, SparkConf configuration) {
    TestContext.stop();
    try (var context = new JavaSparkContext(configuration)) {
      assertThat(context.parallelize(List.of(1, 2, 3), 1).count()).isEqualTo(3);
      var processes = LocalCluster.processesOf(cluster.folder());
      assertThat(processes).hasSize(3);
      for (var process : processes) {
        assertThat(process.info().commandLine().orElseThrow())
            .doesNotContain(SECRET)
            .doesNotContain(PASSWORD);
      }
    }
  }

  private static void check(SparkConf configuration) {
    StartDiagnosis.check(configuration, Duration.ofSeconds(10));
  }

  @Test
  void secretWithEncryption() {
    try (var cluster = cluster(secret())) {
      runsATaskAndShowsNoSecret(cluster, with(cluster, secret()));
      var wrong = with(cluster, secret()).set("spark.authenticate.secret", "wrong");
      assertThatThrownBy(() -> check(wrong)).hasMessageContaining("refuses this program");
    }
  }

  @Test
  void secretWithTls() throws Exception {
    makeStores("ours");
    makeStores("theirs");
    var ours = tls("ours-keys.p12", "ours-trust.p12");
    try (var cluster = cluster(ours)) {
      runsATaskAndShowsNoSecret(cluster, with(cluster, ours));
      var plain = new HashMap<>(ours);
      plain.keySet().removeIf(key -> key.startsWith("spark.ssl."));
      assertThatThrownBy(() -> check(with(cluster, plain)))
          .hasMessageContaining("spark.ssl.rpc.enabled (false here)");
      assertThatThrownBy(() -> check(with(cluster, tls("ours-keys.p12", "theirs-trust.p12"))))
          .hasMessageContaining("refuses this program");
      var wrong = with(cluster, ours).set("spark.authenticate.secret", "wrong");
      assertThatThrownBy(() -> check(wrong)).hasMessageContaining("refuses this program");
      // Spark asks for no certificate of a client: whose is known to nobody comes in.
      check(with(cluster, tls("theirs-keys.p12", "ours-trust.p12")));
    }
  }
}

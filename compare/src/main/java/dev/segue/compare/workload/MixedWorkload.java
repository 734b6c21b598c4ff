package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Jobs that wait, as for a service, and then compute, as on its answer: a chain of SHA-256. */
final class MixedWorkload implements Workload<String> {
  @Override
  public List<SerializableCallable<String>> jobs(Parameters parameters) {
    var wait = parameters.time("length", Duration.ofMillis(5));
    int rounds = parameters.count("rounds", 10_000);
    return IntStream.range(0, parameters.count("jobs", 40))
        .mapToObj(i -> job(i, wait, rounds))
        .toList();
  }

  private static SerializableCallable<String> job(int number, Duration wait, int rounds) {
    return () -> {
      Thread.sleep(wait);
      return chain(number, rounds);
    };
  }

  private static String chain(int seed, int rounds) throws NoSuchAlgorithmException {
    var sha = MessageDigest.getInstance("SHA-256");
    var hash = ByteBuffer.allocate(32).putInt(seed).array();
    for (int i = 0; i < rounds; i++) {
      hash = sha.digest(hash);
    }
    return HexFormat.of().formatHex(hash);
  }
}

package dev.segue.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
  @TempDir Path root;

  @Test
  void aLineIsACommandOrWhatIsMissing() throws Exception {
    var peers = Peers.of("go\t/out/go/peer -x\nuvloop\t!\tno uvloop: pip install uvloop\n");
    assertThat(peers.entrants())
        .containsExactly(new Entrant(Contender.GO, List.of("/out/go/peer", "-x")));
    assertThat(peers.missing())
        .containsExactly(Map.entry(Contender.UVLOOP, "no uvloop: pip install uvloop"));
  }

  @Test
  void aPeerThatNobodyKnowsKeepsItsName() throws Exception {
    assertThat(Peers.of("erlang\terl").entrants().getFirst().contender())
        .isEqualTo(new Contender("erlang", "erlang", false));
  }

  @Test
  void anyOtherLineIsAFaultOfTheScript() {
    assertThatIOException()
        .isThrownBy(() -> Peers.of("make: entering directory"))
        .withMessageContaining("make: entering directory");
  }

  @Test
  void theScriptIsToldWhereToBuild() throws Exception {
    script("printf 'go\\t%s\\n' \"$1\"");
    assertThat(Peers.build(root).entrants().getFirst().command())
        .containsExactly(root.resolve("bench/target/peers").toString());
  }

  @Test
  void aScriptThatFailsIsNamed() throws Exception {
    script("exit 73");
    assertThatIOException()
        .isThrownBy(() -> Peers.build(root))
        .withMessageContaining("bench/peers/build ended with exit code 73");
  }

  @Test
  void withoutTheScriptTheErrorSaysHowToDoWithoutPeers() {
    assertThatIOException()
        .isThrownBy(() -> Peers.build(root))
        .withMessageContaining("there is no")
        .withMessageContaining("--no-peers");
  }

  private void script(String commands) throws Exception {
    var script = root.resolve("bench/peers/build");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/bin/sh\n" + commands + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}

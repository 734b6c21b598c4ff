package dev.segue.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bridges that {@code docs/embedding.md} shows are those that are tested here. */
class ShownInTheDocumentTest {
  @ParameterizedTest
  @ValueSource(strings = {"Callbacks", "Context", "Items", "QueuePublisher"})
  void theDocumentHasTheClassAsItIsHere(String name) throws IOException {
    var folder = Path.of("src/test/java", getClass().getPackageName().replace('.', '/'));
    var file = Files.readString(folder.resolve(name + ".java"));
    var document = Files.readString(Path.of("../docs/embedding.md"));
    assertThat(document).contains(file.substring(file.indexOf("/**")));
  }
}

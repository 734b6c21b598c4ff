package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFilesTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void makeFile() throws Exception {
    file = folder.resolve("classes/app/Main.class");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x");
  }

  private ClassFiles seen() {
    return new ClassFiles(List.of(folder.resolve("a.jar"), folder.resolve("classes")));
  }

  @Test
  void whatStaysAsItIsDoesNotDiffer() {
    assertThat(seen().difference()).isNull();
  }

  @Test
  void filesMayBeAdded() throws Exception {
    var seen = seen();
    Files.writeString(file.resolveSibling("Other.class"), "x");
    Files.writeString(folder.resolve("a.jar"), "x");
    assertThat(seen.difference()).isNull();
  }

  @Test
  void otherFilesMayChange() throws Exception {
    var other = Files.writeString(file.resolveSibling("data.txt"), "x");
    var seen = seen();
    Files.setLastModifiedTime(other, FileTime.fromMillis(1_000_000));
    assertThat(seen.difference()).isNull();
  }

  @Test
  void aFileThatWasCompiledAgainIsNamed() throws Exception {
    var seen = seen();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    assertThat(seen.difference()).startsWith(file + " ").contains("has been replaced", "restart");
  }

  @Test
  void aFileThatWasDeletedIsNamed() throws Exception {
    var seen = seen();
    Files.delete(file);
    assertThat(seen.difference()).startsWith(file + " ").contains("has been deleted", "restart");
  }

  @Test
  void aFolderInItselfIsLookedAtForAWhileOnly() throws Exception {
    Files.createSymbolicLink(file.resolveSibling("one"), folder.resolve("classes"));
    Files.createSymbolicLink(file.resolveSibling("two"), folder.resolve("classes"));
    assertThat(seen().difference()).isNull();
  }
}

package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathViewTest {
  @TempDir Path folder;
  private Path jar;
  private Path classes;
  private Path missing;

  @BeforeEach
  void makeEntries() throws Exception {
    jar = Files.writeString(folder.resolve("a.jar"), "1234");
    classes = Files.createDirectory(folder.resolve("some\tclasses"));
    missing = folder.resolve("missing");
  }

  private List<String> seen() {
    return ClassPathView.of(List.of(jar, classes, missing));
  }

  @Test
  void whatStaysAsItIsDoesNotDiffer() {
    assertThat(ClassPathView.differenceFrom(seen())).isNull();
  }

  @Test
  void aFolderMayGetFiles() throws Exception {
    var seen = seen();
    Files.writeString(classes.resolve("A.class"), "x");
    Files.setLastModifiedTime(classes, FileTime.fromMillis(1));
    assertThat(ClassPathView.differenceFrom(seen)).isNull();
  }

  @Test
  void aJarOfAnotherSizeWasReplaced() throws Exception {
    var seen = seen();
    var time = Files.getLastModifiedTime(jar);
    Files.writeString(jar, "12345");
    Files.setLastModifiedTime(jar, time);
    assertThat(ClassPathView.differenceFrom(seen))
        .startsWith(jar + " ")
        .contains("has been replaced");
  }

  @Test
  void aJarOfAnotherTimeWasReplaced() throws Exception {
    var seen = seen();
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));
    assertThat(ClassPathView.differenceFrom(seen))
        .startsWith(jar + " ")
        .contains("has been replaced");
  }

  @Test
  void aJarThatWentIsMissing() throws Exception {
    var seen = seen();
    Files.delete(jar);
    assertThat(ClassPathView.differenceFrom(seen))
        .startsWith(jar + " ")
        .contains("has been deleted");
  }

  @Test
  void aFolderThatWentIsMissing() throws Exception {
    var seen = seen();
    Files.delete(classes);
    assertThat(ClassPathView.differenceFrom(seen))
        .startsWith(classes + " ")
        .contains("has been deleted");
  }

  @Test
  void whatCameLaterWasMissing() throws Exception {
    var seen = seen();
    Files.createDirectory(missing);
    assertThat(ClassPathView.differenceFrom(seen))
        .startsWith(missing + " ")
        .contains("but exists now");
  }
}

package dev.segue.compare.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.compare.WorkloadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Libraries by {@code //DEPS}, with a script in place of Maven. */
@Timeout(60)
class DependenciesTest {
  @TempDir private Path folder;

  /** A script that is called as Maven is, and keeps the pom that it was given. */
  private Path maven(String commands) throws Exception {
    var script =
        """
        #!/bin/sh
        while [ $# -gt 0 ]; do
          case $1 in
            -f) cp "$2" '%1$s/seen.xml'; shift ;;
            -Dmdep.outputFile=*) list=${1#*=} ;;
          esac
          shift
        done
        %2$s
        """
            .formatted(folder, commands);
    var file = folder.resolve("mvn");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    return Files.writeString(file, script);
  }

  private List<Path> resolve(String source, Path mvn) throws Exception {
    return Dependencies.of("MyJob.java", source).resolve(mvn.toString(), folder, _ -> {});
  }

  @Test
  void mavenIsAskedForAllOfThem() throws Exception {
    var mvn = maven("printf '/a/one.jar:/b/two.jar' >\"$list\"");
    var source =
        """
        //DEPS org.one:one:1.0, org.two:two:2.0-rc+1:linux@zip
        //DEPS org.bom:bom:3@pom // names versions
        // //DEPS not:this:one
        class MyJob {}
        """;
    assertThat(resolve(source, mvn)).containsExactly(Path.of("/a/one.jar"), Path.of("/b/two.jar"));
    assertThat(folder.resolve("seen.xml"))
        .content()
        .contains(
            """
              <dependencyManagement><dependencies>
            <dependency><groupId>org.bom</groupId><artifactId>bom</artifactId><version>3</version>\
            <type>pom</type><scope>import</scope></dependency>
              </dependencies></dependencyManagement>
              <dependencies>
            <dependency><groupId>org.one</groupId><artifactId>one</artifactId>\
            <version>1.0</version><type>jar</type></dependency>
            <dependency><groupId>org.two</groupId><artifactId>two</artifactId>\
            <version>2.0-rc+1</version><classifier>linux</classifier><type>zip</type></dependency>
              </dependencies>
            """);
  }

  @Test
  void aFileThatAsksForNoneNeedsNoMaven() throws Exception {
    assertThat(resolve("class MyJob {}", Path.of("/no/mvn"))).isEmpty();
  }

  @Test
  void theUserIsToldThatItTakesAWhile() throws Exception {
    var told = new ArrayList<String>();
    Dependencies.of("MyJob.java", "//DEPS a:b:1")
        .resolve(maven(": >\"$list\"").toString(), folder, told::add);
    assertThat(told).containsExactly("asking Maven for the libraries of MyJob.java");
  }

  @Test
  void whatMavenCannotFindIsSaidInItsWords() throws Exception {
    var mvn =
        maven(
            """
            echo 'WARNING: something about the JDK'
            echo '[ERROR] Failed to execute goal on project x: Could not resolve dependencies for \
            project x: Could not find artifact a:b:jar:1 in central -> [Help 1]'
            echo '[ERROR] Re-run Maven'
            exit 1
            """);
    assertThatThrownBy(() -> resolve("//DEPS a:b:1", mvn))
        .isInstanceOf(WorkloadException.class)
        .hasMessage(
            "Maven cannot find the libraries of MyJob.java:"
                + " Could not find artifact a:b:jar:1 in central");
  }

  @Test
  void withoutMavenItIsSaidThatItIsNeeded() {
    assertThatThrownBy(() -> resolve("//DEPS a:b:1", folder.resolve("no-mvn")))
        .isInstanceOf(WorkloadException.class)
        .hasMessageContainingAll("MyJob.java has //DEPS, for which Maven is needed", "no-mvn");
  }

  @Test
  void coordinatesThatAreWrittenWronglyAreSaidWithTheirLine() {
    assertThatThrownBy(() -> Dependencies.of("MyJob.java", "\n//DEPS a:b"))
        .isInstanceOf(WorkloadException.class)
        .hasMessage("MyJob.java:2: 'a:b' is not group:artifact:version");
  }

  @Test
  void anInterruptEndsMaven() throws Exception {
    var mvn = maven("echo $$ >'" + folder + "/pid'; exec sleep 60");
    var caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                resolve("//DEPS a:b:1", mvn);
              } catch (Exception _) {
                // as it should
              }
            });
    var pid = folder.resolve("pid");
    while (Files.notExists(pid) || Files.readString(pid).isBlank()) {
      Thread.onSpinWait();
    }
    caller.interrupt();
    caller.join();
    var maven = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    maven.ifPresent(it -> it.onExit().join());
    assertThat(maven.map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }
}

package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.cluster.TaskCodec.Reply;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.TaskNotSerializableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.JShell;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ClassShippingTest {
  private static JavaSparkContext context;
  private static ClassShipping shipping;
  private static TaskCodec codec;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    TestContext.stop();
    context =
        new JavaSparkContext(
            SharedCluster.configuration(SharedCluster.get()).set("spark.cores.max", "1"));
    shipping = ClassShipping.of(context.sc());
    codec = new TaskCodec(TaskCodec.longest(context.getConf()), shipping::refusalFor);
    shipping.ship(true);
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  /** Runs a task on an executor. */
  private static Reply run(Object task) {
    var reply =
        context.parallelize(List.of(codec.encode(task)), 1).map(ClassShippingTest::runHere).first();
    return codec.decode("task", reply, task.getClass().getClassLoader());
  }

  private static byte[] runHere(byte[] task) {
    try {
      var loader = Thread.currentThread().getContextClassLoader();
      return RemoteCodec.encodeValue(((Callable<?>) RemoteCodec.decodeTask(task, loader)).call());
    } catch (Throwable t) {
      return RemoteCodec.encodeFailure(t);
    }
  }

  private static Class<?> tool(Path folder, String name) throws Exception {
    return TestJars.compiled(
        folder,
        name,
        """
        public class %1$s implements java.util.concurrent.Callable<Object>, java.io.Serializable {
          record Part(String name) implements java.io.Serializable {}
          public Object call() {
            return new Part("part of %1$s").name() + new Object() { public String toString() { return "!"; } };
          }
        }
        """
            .formatted(name));
  }

  private static Object instance(Class<?> type) throws Exception {
    return type.getConstructor().newInstance();
  }

  @Test
  void lambdaOfAFolderOnTheClassPathRuns() {
    int number = 20;
    assertThat(run((SerializableCallable<Object>) () -> number + 1))
        .isEqualTo(new Reply.Returned(21));
  }

  @Test
  void classThatOnlyTheDriverHasIsSentWithWhatItNests() throws Exception {
    var tool = tool(folder, "Tool");
    assertThat(((Reply.Failed) run(instance(tool))).cause())
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageMatching(
            "Tool is not on the class path of executor 0 \\(127\\.0\\.0\\.1\\): .*addClasses.*");
    shipping.addClasses(tool);
    assertThat(run(instance(tool))).isEqualTo(new Reply.Returned("part of Tool!"));
  }

  @Test
  void jarsOfTheSameNameInFoldersWithSpacesAreBothSent() throws Exception {
    var first = tool(folder.resolve("one two"), "First");
    var second = tool(folder.resolve("three"), "Second");
    var firstJar = Jars.of(folder.resolve("one two"), folder.resolve("one two/my tools.jar"));
    var secondJar = Jars.of(folder.resolve("three"), folder.resolve("three/my tools.jar"));
    shipping.addJar(firstJar);
    shipping.addJar(secondJar);
    shipping.addJar(secondJar);
    assertThat(run(instance(first))).isEqualTo(new Reply.Returned("part of First!"));
    assertThat(run(instance(second))).isEqualTo(new Reply.Returned("part of Second!"));
  }

  @Test
  void jarThatDoesNotExistIsRefused() {
    var jar = folder.resolve("none.jar");
    assertThatThrownBy(() -> shipping.addJar(jar))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("addJar: " + jar + " does not exist");
  }

  @Test
  void classWithoutBytesIsRefused() throws Exception {
    var source = tool(folder, "Hidden");
    var bytes = Files.readAllBytes(folder.resolve("Hidden.class"));
    var loader =
        new ClassLoader(null) {
          Class<?> define() {
            return defineClass("Hidden", bytes, 0, bytes.length);
          }
        };
    var hidden = loader.define();
    assertThat(hidden).isNotEqualTo(source);
    assertThatThrownBy(() -> shipping.addClasses(hidden))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("addClasses: the class loader of Hidden, ")
        .hasMessageContaining("does not give its bytes");
  }

  @Test
  void classOfJshellIsRefusedUntilItIsSent() throws Exception {
    Object tool;
    try (var shell = JShell.builder().executionEngine("local").build()) {
      shell.eval(
          """
          class Tool implements java.util.concurrent.Callable<Object>, java.io.Serializable {
            public Object call() { return 5; }
          }\
          """);
      shell.eval("System.getProperties().put(\"tool\", new Tool());");
      tool = System.getProperties().remove("tool");
    }
    assertThatThrownBy(() -> run(tool))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("exists only inside jshell, so executors cannot load it: compile")
        .hasMessageEndingWith("or send it with addClasses(Tool.class)");
    shipping.addClasses(tool.getClass()); // does not run there: this engine adds calls to jshell
    assertThat(shipping.refusalFor(tool.getClass())).isNull();
  }

  @Test
  void onlyWhatExecutorsLackIsSent() {
    assertThat(context.sc().listJars().mkString(" "))
        .contains("test-classes.jar")
        .doesNotContain("spark-core")
        .doesNotContain("assertj");
  }
}

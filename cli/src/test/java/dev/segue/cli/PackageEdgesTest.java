package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.EventLoop;
import dev.segue.bench.LoopBenchmark;
import dev.segue.compare.Comparison;
import dev.segue.fixtures.ClassFiles;
import dev.segue.fixtures.PackageEdges;
import dev.segue.futures.Futures;
import dev.segue.inspect.Recorder;
import dev.segue.process.ProcessPoolExecutor;
import dev.segue.testing.VirtualClock;
import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which module and which package of Segue may use which: there is no edge upward. */
class PackageEdgesTest {
  private static final String JSPECIFY = "org.jspecify.annotations";
  private static final String GUARDED = "com.google.errorprone.annotations.concurrent";
  private static final String FUTURES = "dev.segue.futures";
  private static final String SHARED = "dev.segue.futures.internal";
  private static final String CORE = "dev.segue";
  private static final String CODEC = "dev.segue.process.codec";
  private static final String WIRE = "dev.segue.process.wire";
  private static final String PROCESS = "dev.segue.process";
  private static final String INSPECT = "dev.segue.inspect";
  private static final String JSON = "dev.segue.inspect.json";
  private static final String TESTING = "dev.segue.testing";
  private static final String COMPARE = "dev.segue.compare";
  private static final String WORKLOAD = "dev.segue.compare.workload";
  private static final String BENCH = "dev.segue.bench";
  private static final String PROGRAM = "dev.segue.bench.program";

  private static final PackageEdges RULES =
      new PackageEdges(
          Map.ofEntries(
              // The words in which the API speaks, which hold no code that uses the package below.
              Map.entry(
                  SHARED,
                  List.of(
                      JSPECIFY,
                      FUTURES + ".PoolInstrument",
                      FUTURES + ".ReturnWhen",
                      FUTURES + ".WaitResult",
                      FUTURES + ".WhenFull",
                      FUTURES + ".WorkFuture")),
              Map.entry(FUTURES, List.of(JSPECIFY, SHARED)),
              Map.entry(CORE, List.of(JSPECIFY, GUARDED, SHARED, FUTURES)),
              Map.entry(TESTING, List.of(JSPECIFY, CORE, INSPECT)),
              Map.entry(
                  TESTING + ".junit",
                  List.of(
                      JSPECIFY,
                      CORE,
                      TESTING,
                      "org.junit.jupiter.api",
                      "org.junit.jupiter.api.extension",
                      "org.junit.platform.commons.support")),
              Map.entry(TESTING + ".agent", List.of(JSPECIFY, CORE)),
              Map.entry(JSON, List.of(JSPECIFY)),
              Map.entry(INSPECT, List.of(JSPECIFY, FUTURES, CORE, JSON)),
              Map.entry(CODEC, List.of(JSPECIFY, GUARDED, SHARED, FUTURES)),
              Map.entry(WIRE, List.of(JSPECIFY, SHARED, FUTURES, CODEC)),
              Map.entry(PROCESS, List.of(JSPECIFY, GUARDED, SHARED, FUTURES, CODEC, WIRE)),
              Map.entry(PROGRAM, List.of(JSPECIFY, FUTURES, CORE, PROCESS)),
              Map.entry(BENCH, List.of(JSPECIFY, FUTURES, CORE, PROCESS, PROGRAM)),
              Map.entry(
                  COMPARE,
                  List.of(
                      JSPECIFY,
                      GUARDED,
                      FUTURES,
                      CORE,
                      PROCESS,
                      INSPECT,
                      "com.google.gson",
                      "org.HdrHistogram")),
              Map.entry(WORKLOAD, List.of(JSPECIFY, FUTURES, COMPARE, "org.h2.tools")),
              // The examples.
              Map.entry("", List.of(JSPECIFY, FUTURES, CORE, PROCESS, TESTING)),
              Map.entry(
                  "dev.segue.cli",
                  List.of(
                      JSPECIFY, FUTURES, CORE, PROCESS, INSPECT, JSON, TESTING, COMPARE, WORKLOAD,
                      BENCH, "", "picocli"))));

  @ParameterizedTest
  @ValueSource(
      classes = {
        Futures.class,
        EventLoop.class,
        VirtualClock.class,
        ProcessPoolExecutor.class,
        Recorder.class,
        Comparison.class,
        LoopBenchmark.class,
        Main.class
      })
  void aModuleUsesOnlyWhatIsBelow(Class<?> inModule) throws IOException {
    var classFiles = ClassFiles.of(inModule);
    assertThat(classFiles).isNotEmpty();
    assertThat(RULES.faults(classFiles)).isEmpty();
  }

  // --- the checker itself

  private static final ClassDesc HIGH = ClassDesc.of("high.Type");

  private static Map<String, byte[]> low(Consumer<ClassBuilder> content) {
    return Map.of("low/Type.class", ClassFile.of().build(ClassDesc.of("low.Type"), content));
  }

  private static final PackageEdges NONE = new PackageEdges(Map.of("low", List.of("middle")));
  private static final String FAULT = "low.Type uses high.Type: low may use only [middle]";

  @Test
  void anEdgeInAFieldIsFound() {
    assertThat(NONE.faults(low(type -> type.withField("field", HIGH.arrayType(), 0))))
        .containsExactly(FAULT);
  }

  @Test
  void anEdgeInCodeIsFound() {
    assertThat(
            NONE.faults(
                low(type ->
                    type.withMethodBody(
                        "method",
                        ConstantDescs.MTD_void,
                        ClassFile.ACC_STATIC,
                        code ->
                            code.invokestatic(HIGH, "call", ConstantDescs.MTD_void).return_()))))
        .containsExactly(FAULT);
  }

  @Test
  void anEdgeInADescriptorIsFound() {
    assertThat(
            NONE.faults(
                low(type ->
                    type.withMethod(
                        "method", MethodTypeDesc.of(HIGH), ClassFile.ACC_ABSTRACT, _ -> {}))))
        .containsExactly(FAULT);
  }

  @Test
  void anEdgeInTypeArgumentsIsFound() {
    var signature = ClassSignature.parseFrom("Ljava/util/ArrayList<Lhigh/Type;>;");
    assertThat(NONE.faults(low(type -> type.with(SignatureAttribute.of(signature)))))
        .containsExactly(FAULT);
  }

  @Test
  void aSingleTypeCanBeAllowed() {
    var rules = new PackageEdges(Map.of("low", List.of("high.Type")));
    assertThat(rules.faults(low(type -> type.withField("field", HIGH, 0)))).isEmpty();
    assertThat(rules.faults(low(type -> type.withField("field", ClassDesc.of("high.Other"), 0))))
        .hasSize(1);
  }

  @Test
  void aPackageWithoutARuleIsFound() {
    assertThat(new PackageEdges(Map.of()).faults(low(_ -> {})))
        .containsExactly("low.Type is in a package that has no rule yet: low");
  }
}

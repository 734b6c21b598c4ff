package dev.segue;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@link LoopConfined} and {@link AnyThread} are true, as far as the class files tell: what any
 * thread may call touches nothing that is confined to the loop, unless it asks first whether it is
 * on the loop, or says why it may. Lambdas are not looked at, since they run elsewhere, nor are
 * constructors.
 */
class ConfinementTest {
  private static final String LOOP = "Ldev/segue/LoopConfined;";
  private static final String ANY = "Ldev/segue/AnyThread;";
  private static final String GUARDED = "Lcom/google/errorprone/annotations/concurrent/GuardedBy;";

  private final Map<String, ClassModel> classes = classesOf(Kernel.class);

  @Test
  void whatAnyThreadMayCallTouchesNothingThatIsConfined() {
    var wrong = new ArrayList<String>();
    for (var type : classes.values()) {
      for (var method : type.methods()) {
        if (isCalledByAnyThread(type, method) && !asksFirst(method)) {
          touched(method).forEach(what -> wrong.add(name(type, method) + " touches " + what));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPlainFieldThatSeveralThreadsSeeSaysWhatProtectsIt() {
    var wrong =
        classes.values().stream()
            .filter(type -> isAnnotated(type, ANY))
            .flatMap(type ->
                type.fields().stream()
                    .filter(field -> isPlain(field) && !isAnnotated(field, LOOP))
                    .filter(field -> !isAnnotated(field, GUARDED))
                    .map(field -> simpleName(type) + "." + field.fieldName().stringValue()));
    assertThat(wrong).isEmpty();
  }

  @Test
  void aWrongMethodIsFound() {
    var planted = classesOf(Planted.class).get("dev/segue/ConfinementTest$Planted");
    var found =
        planted.methods().stream()
            .filter(method -> isCalledByAnyThread(planted, method))
            .flatMap(this::touched);
    assertThat(found)
        .containsExactlyInAnyOrder("TimerHeap.earliest", "TaskObserver.withdrawn", "Kernel.ready");
  }

  @AnyThread
  private static final class Planted {
    long touches(TimerHeap timers, TaskObserver observer, Kernel kernel, Task<?> task) {
      kernel.ready(task);
      kernel.steps();
      return observer.withdrawn ? 0 : timers.earliest();
    }
  }

  private boolean isCalledByAnyThread(ClassModel type, MethodModel method) {
    boolean special =
        method.flags().has(AccessFlag.SYNTHETIC)
            || method.methodName().stringValue().startsWith("<")
            || method.code().isEmpty();
    if (special || isAnnotated(method, LOOP)) {
      return false;
    }
    var own = annotation(method, ANY);
    return own.isPresent()
        ? own.get().elements().stream().noneMatch(ConfinementTest::isReason)
        : isAnnotated(type, ANY);
  }

  private static boolean isReason(java.lang.classfile.AnnotationElement element) {
    return element.value() instanceof AnnotationValue.OfString text
        && !text.stringValue().isEmpty();
  }

  private static boolean asksFirst(MethodModel method) {
    return calls(method).anyMatch(call -> call.name().stringValue().equals("isOnLoop"));
  }

  private Stream<String> touched(MethodModel method) {
    var fields =
        method
            .code()
            .orElseThrow()
            .elementStream()
            .filter(FieldInstruction.class::isInstance)
            .map(FieldInstruction.class::cast)
            .filter(access -> isConfinedField(access.owner().asInternalName(), access))
            .map(access ->
                simpleName(access.owner().asInternalName()) + "." + access.name().stringValue());
    var methods =
        calls(method)
            .filter(call -> isConfinedMethod(call.owner().asInternalName(), call))
            .map(call ->
                simpleName(call.owner().asInternalName()) + "." + call.name().stringValue());
    return Stream.concat(fields, methods).distinct();
  }

  private static Stream<InvokeInstruction> calls(MethodModel method) {
    return method
        .code()
        .orElseThrow()
        .elementStream()
        .filter(InvokeInstruction.class::isInstance)
        .map(InvokeInstruction.class::cast);
  }

  private boolean isConfinedField(String owner, FieldInstruction access) {
    return declared(
            owner,
            type ->
                type.fields().stream()
                    .filter(field -> field.fieldName().equalsString(access.name().stringValue()))
                    .findFirst()
                    .map(field ->
                        isAnnotated(field, LOOP) || (isAnnotated(type, LOOP) && isPlain(field))))
        .orElse(false);
  }

  private boolean isConfinedMethod(String owner, InvokeInstruction call) {
    if (call.name().stringValue().startsWith("<")) {
      return false;
    }
    return declared(
            owner,
            type ->
                type.methods().stream()
                    .filter(method ->
                        method.methodName().equalsString(call.name().stringValue())
                            && method.methodType().equalsString(call.type().stringValue()))
                    .findFirst()
                    .map(method ->
                        isAnnotated(method, LOOP)
                            || (isAnnotated(type, LOOP) && !isAnnotated(method, ANY))))
        .orElse(false);
  }

  /** The answer of the class that declares a member, which {@code owner} may have inherited. */
  private Optional<Boolean> declared(String owner, Function<ClassModel, Optional<Boolean>> answer) {
    var type = classes.get(owner);
    if (type == null) {
      return Optional.empty();
    }
    return answer
        .apply(type)
        .or(() -> type.superclass().flatMap(above -> declared(above.asInternalName(), answer)));
  }

  private static boolean isPlain(FieldModel field) {
    var flags = field.flags();
    return !flags.has(AccessFlag.FINAL)
        && !flags.has(AccessFlag.VOLATILE)
        && !flags.has(AccessFlag.SYNTHETIC);
  }

  private static boolean isAnnotated(java.lang.classfile.AttributedElement element, String type) {
    return annotation(element, type).isPresent();
  }

  private static Optional<Annotation> annotation(
      java.lang.classfile.AttributedElement element, String type) {
    return element.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
        .flatMap(all -> all.annotations().stream())
        .filter(annotation -> annotation.className().equalsString(type))
        .findFirst();
  }

  private static Map<String, ClassModel> classesOf(Class<?> one) {
    var location = one.getProtectionDomain().getCodeSource().getLocation().toString();
    try (var files = Files.walk(Path.of(URI.create(location)).resolve("dev/segue"))) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(ConfinementTest::parse)
          .collect(toMap(type -> type.thisClass().asInternalName(), Function.identity()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String name(ClassModel type, MethodModel method) {
    return simpleName(type) + "." + method.methodName().stringValue();
  }

  private static String simpleName(ClassModel type) {
    return simpleName(type.thisClass().asInternalName());
  }

  private static String simpleName(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1);
  }
}

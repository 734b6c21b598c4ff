package dev.segue.testing.agent;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Has a class call {@link TimedCalls} where it asks the JDK for the time, or waits. */
final class CallWeaver {
  static final ClassDesc CALLED = ClassDesc.of("java.lang.SegueTimedCalls");

  /** What is replaced by a method of the same name and parameters. */
  private static final Set<String> REPLACED =
      Set.of(
          "java/lang/System.nanoTime()J",
          "java/lang/System.currentTimeMillis()J",
          "java/lang/Thread.sleep(J)V",
          "java/lang/Thread.sleep(JI)V",
          "java/lang/Thread.sleep(Ljava/time/Duration;)V",
          "java/util/concurrent/locks/LockSupport.park()V",
          "java/util/concurrent/locks/LockSupport.park(Ljava/lang/Object;)V",
          "java/util/concurrent/locks/LockSupport.parkNanos(J)V",
          "java/util/concurrent/locks/LockSupport.parkNanos(Ljava/lang/Object;J)V",
          "java/util/concurrent/locks/LockSupport.parkUntil(J)V",
          "java/util/concurrent/locks/LockSupport.parkUntil(Ljava/lang/Object;J)V");

  /** The same for methods that every object has. */
  private static final Set<String> REPLACED_OF_OBJECT = Set.of("wait()V", "wait(J)V", "wait(JI)V");

  /** What is told before it is called with a thread as its last argument. */
  private static final Set<String> WAKING =
      Set.of(
          "java/util/concurrent/locks/LockSupport.unpark(Ljava/lang/Thread;)V",
          "jdk/internal/misc/Unsafe.unpark(Ljava/lang/Object;)V");

  private static final MethodTypeDesc WAKES = MethodTypeDesc.of(CD_void, CD_Object);
  private static final ClassDesc INSTANT = ClassDesc.of("java.time.Instant");

  private CallWeaver() {}

  /**
   * Changes a class.
   *
   * @param loader which finds the class files of the types that the class uses
   * @return the class file; null if there is nothing to change
   * @throws IllegalArgumentException if it is damaged, or a type that it uses cannot be found
   */
  static byte @Nullable [] weave(byte[] classFile, ClassLoader loader) {
    var resolver =
        ClassHierarchyResolver.ofResourceParsing(loader)
            .orElse(ClassHierarchyResolver.defaultResolver());
    var context = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
    var type = context.parse(classFile);
    var name = type.thisClass().asInternalName();
    return mayChange(type, name)
            && type.methods().stream().anyMatch(method -> isChanged(name, method))
        ? context.transformClass(type, transform(name))
        : null;
  }

  /** A quick look: most classes do not. */
  private static boolean mayChange(ClassModel type, String name) {
    for (var entry : type.constantPool()) {
      if (entry instanceof MethodRefEntry method) {
        var signature = method.name().stringValue() + method.type().stringValue();
        var full = method.owner().asInternalName() + "." + signature;
        if (REPLACED.contains(full)
            || REPLACED_OF_OBJECT.contains(signature)
            || WAKING.contains(full)) {
          return true;
        }
      }
    }
    return name.equals("java/time/Clock") || name.startsWith("java/lang/");
  }

  private static ClassTransform transform(String type) {
    return (builder, element) -> {
      if (element instanceof MethodModel method && isChanged(type, method)) {
        builder.transformMethod(
            method,
            (methodBuilder, part) -> {
              if (part instanceof CodeModel code) {
                methodBuilder.transformCode(code, transform(type, method));
              } else {
                methodBuilder.with(part);
              }
            });
      } else {
        builder.with(element);
      }
    };
  }

  private static boolean isChanged(String type, MethodModel method) {
    if (type.startsWith("java/lang/")) {
      return startsThread(type, method);
    }
    return readsClock(type, method)
        || method.code().stream()
            .flatMap(CodeModel::elementStream)
            .anyMatch(element ->
                switch (element) {
                  case InvokeInstruction call ->
                      isReplaced(call) || isOfObject(type, call) || wakes(call);
                  case InvokeDynamicInstruction call ->
                      call.bootstrapArgs().stream().anyMatch(CallWeaver::isReplaced);
                  default -> false;
                });
  }

  private static boolean startsThread(String type, MethodModel method) {
    return (type.equals("java/lang/Thread") || type.equals("java/lang/VirtualThread"))
        && method.methodName().equalsString("start");
  }

  private static boolean readsClock(String type, MethodModel method) {
    return type.equals("java/time/Clock") && method.methodName().equalsString("currentInstant");
  }

  private static String signature(InvokeInstruction call) {
    return call.name().stringValue() + call.type().stringValue();
  }

  private static String full(InvokeInstruction call) {
    return call.owner().asInternalName() + "." + signature(call);
  }

  private static boolean isReplaced(InvokeInstruction call) {
    return call.opcode() == Opcode.INVOKESTATIC && REPLACED.contains(full(call));
  }

  /** The JDK waits on monitors only for other threads, and processes. */
  private static boolean isOfObject(String type, InvokeInstruction call) {
    return !type.startsWith("java/")
        && call.opcode() == Opcode.INVOKEVIRTUAL
        && REPLACED_OF_OBJECT.contains(signature(call));
  }

  private static boolean wakes(InvokeInstruction call) {
    return WAKING.contains(full(call));
  }

  private static boolean isReplaced(ConstantDesc argument) {
    return argument instanceof DirectMethodHandleDesc method
        && switch (method.kind()) {
          case STATIC ->
              REPLACED.contains(
                  method.owner().descriptorString().replaceAll("^L|;$", "")
                      + "."
                      + method.methodName()
                      + method.lookupDescriptor());
          case VIRTUAL ->
              REPLACED_OF_OBJECT.contains(method.methodName() + method.lookupDescriptor());
          default -> false;
        };
  }

  private static CodeTransform transform(String type, MethodModel method) {
    return new CodeTransform() {
      @Override
      public void atStart(CodeBuilder code) {
        if (startsThread(type, method)) {
          code.aconst_null().invokestatic(CALLED, "wakes", WAKES);
        } else if (readsClock(type, method)) {
          code.invokestatic(CALLED, "instant", MethodTypeDesc.of(INSTANT))
              .dup()
              .ifThenElse(Opcode.IFNONNULL, CodeBuilder::areturn, CodeBuilder::pop);
        }
      }

      @Override
      public void accept(CodeBuilder code, CodeElement element) {
        switch (element) {
          case InvokeInstruction call when isReplaced(call) ->
              code.invokestatic(CALLED, call.name().stringValue(), call.typeSymbol());
          case InvokeInstruction call when isOfObject(type, call) ->
              code.invokestatic(
                  CALLED,
                  call.name().stringValue(),
                  call.typeSymbol().insertParameterTypes(0, CD_Object));
          case InvokeInstruction call when wakes(call) ->
              code.dup().invokestatic(CALLED, "wakes", WAKES).with(call);
          case InvokeDynamicInstruction call ->
              code.invokedynamic(
                  DynamicCallSiteDesc.of(
                      call.bootstrapMethod(),
                      call.name().stringValue(),
                      call.typeSymbol(),
                      call.bootstrapArgs().stream()
                          .map(CallWeaver::replaced)
                          .toArray(ConstantDesc[]::new)));
          default -> code.with(element);
        }
      }
    };
  }

  /** A method that a lambda stands for, such as {@code System::nanoTime}. */
  private static ConstantDesc replaced(ConstantDesc argument) {
    if (!isReplaced(argument)) {
      return argument;
    }
    var method = (DirectMethodHandleDesc) argument;
    var type = MethodTypeDesc.ofDescriptor(method.lookupDescriptor());
    return MethodHandleDesc.ofMethod(
        DirectMethodHandleDesc.Kind.STATIC,
        CALLED,
        method.methodName(),
        method.kind() == DirectMethodHandleDesc.Kind.STATIC
            ? type
            : type.insertParameterTypes(0, CD_Object));
  }
}

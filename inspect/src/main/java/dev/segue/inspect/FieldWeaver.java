package dev.segue.inspect;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Adds to each reading and writing of a field a call of {@link FieldAccesses}.
 *
 * <p>Readings are told afterwards and writings before, so that of a reading and a writing told in
 * this order the reading did come first: no lost update is made up.
 *
 * <p>Left out are final fields, those of the JDK and of Segue, and constructors, where the object
 * is not shared yet.
 */
final class FieldWeaver {
  private static final ClassDesc HOOK = ClassDesc.of(FieldAccesses.class.getName());
  private static final MethodTypeDesc READ =
      MethodTypeDesc.of(CD_void, CD_Object, CD_String, CD_String);
  private static final MethodTypeDesc WRITE =
      MethodTypeDesc.of(CD_void, CD_Object, CD_String, CD_String, CD_boolean);

  private final ClassModel type;
  private final String file;
  private final Set<String> finals;

  private FieldWeaver(ClassModel type) {
    this.type = type;
    this.file =
        type.findAttribute(Attributes.sourceFile())
            .map(SourceFileAttribute::sourceFile)
            .map(Utf8Entry::stringValue)
            .orElse("");
    this.finals =
        type.fields().stream()
            .filter(field -> field.flags().has(AccessFlag.FINAL))
            .map(FieldModel::fieldName)
            .map(Utf8Entry::stringValue)
            .collect(Collectors.toSet());
  }

  /**
   * Changes a class.
   *
   * @param loader which finds the class files of the types that the class uses
   * @return the class file; the same one if there is nothing to tell
   * @throws IllegalArgumentException if it is damaged, or a type that it uses cannot be found
   */
  static byte[] weave(byte[] classFile, ClassLoader loader) {
    var resolver =
        ClassHierarchyResolver.ofResourceParsing(loader)
            .orElse(ClassHierarchyResolver.defaultResolver());
    var context = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
    var type = context.parse(classFile);
    var weaver = new FieldWeaver(type);
    return weaver.hasAccess() ? context.transformClass(type, weaver.transform()) : classFile;
  }

  private boolean hasAccess() {
    return type.methods().stream()
        .filter(FieldWeaver::isWatched)
        .flatMap(method -> method.code().stream())
        .flatMap(CodeModel::elementStream)
        .anyMatch(element -> element instanceof FieldInstruction access && isWatched(access));
  }

  private static boolean isWatched(MethodModel method) {
    return !method.methodName().stringValue().startsWith("<");
  }

  private boolean isWatched(FieldInstruction access) {
    var owner = access.owner().asInternalName();
    return owner.equals(type.thisClass().asInternalName())
        ? !finals.contains(access.name().stringValue())
        : Frames.isOwn(owner.replace('/', '.'));
  }

  private ClassTransform transform() {
    return (builder, element) -> {
      if (element instanceof MethodModel method && isWatched(method)) {
        builder.transformMethod(
            method,
            (methodBuilder, part) -> {
              if (part instanceof CodeModel code) {
                methodBuilder.transformCode(code, transform(method.methodName().stringValue()));
              } else {
                methodBuilder.with(part);
              }
            });
      } else {
        builder.with(element);
      }
    };
  }

  private CodeTransform transform(String method) {
    return new CodeTransform() {
      private int line;
      private boolean constant; // the last instruction pushed what depends on nothing

      @Override
      public void accept(CodeBuilder code, CodeElement element) {
        if (element instanceof LineNumber number) {
          line = number.line();
        }
        if (element instanceof FieldInstruction access && isWatched(access)) {
          add(code, access, where(method, line), constant);
        } else {
          code.with(element);
        }
        if (element instanceof Instruction instruction) {
          constant = isConstant(instruction);
        }
      }
    };
  }

  private boolean isConstant(Instruction instruction) {
    return instruction instanceof ConstantInstruction
        || (instruction instanceof FieldInstruction access
            && access.opcode() == Opcode.GETSTATIC
            && !isWatched(access));
  }

  private static void add(
      CodeBuilder code, FieldInstruction access, String where, boolean constant) {
    var field =
        access.owner().asInternalName().replace('/', '.') + "." + access.name().stringValue();
    boolean wide = TypeKind.from(access.typeSymbol()).slotSize() == 2;
    switch (access.opcode()) {
      case GETFIELD -> {
        code.dup().with(access);
        if (wide) {
          code.dup2_x1().pop2();
        } else {
          code.swap();
        }
        addRead(code, field, where);
      }
      case GETSTATIC -> {
        code.with(access).aconst_null();
        addRead(code, field, where);
      }
      case PUTFIELD -> {
        if (wide) {
          code.dup2_x1().pop2().dup_x2();
        } else {
          code.dup2().pop();
        }
        addWrite(code, field, where, constant);
        code.with(access);
      }
      case PUTSTATIC -> {
        code.aconst_null();
        addWrite(code, field, where, constant);
        code.with(access);
      }
      default -> throw new IllegalStateException("no access to a field: " + access);
    }
  }

  private static void addRead(CodeBuilder code, String field, String where) {
    code.ldc(field).ldc(where).invokestatic(HOOK, "read", READ);
  }

  private static void addWrite(CodeBuilder code, String field, String where, boolean constant) {
    code.ldc(field).ldc(where).loadConstant(constant ? 1 : 0).invokestatic(HOOK, "write", WRITE);
  }

  // --- lines as texts, since a constant of a class file can be no StackTraceElement

  private String where(String method, int line) {
    var name = type.thisClass().asInternalName().replace('/', '.');
    return String.join("/", name, method, String.valueOf(line), file);
  }

  /** The line that a call was given. */
  static StackTraceElement where(String text) {
    var parts = text.split("/", 4);
    var file = parts[3].isEmpty() ? null : parts[3];
    return new StackTraceElement(parts[0], parts[1], file, Integer.parseInt(parts[2]));
  }

  /** Whether two lines are in the same method. */
  static boolean isSameMethod(String one, String other) {
    var inOne = one.split("/", 3);
    var inOther = other.split("/", 3);
    return inOne[0].equals(inOther[0]) && inOne[1].equals(inOther[1]);
  }
}

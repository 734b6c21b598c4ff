package dev.segue.process.codec;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sun.reflect.ReflectionFactory;

/** A {@link SerializedLambda} without its captured arguments, whose class has been loaded. */
record LambdaShape(
    Class<?> capturingClass,
    String interfaceClass,
    String interfaceMethod,
    String interfaceSignature,
    int kind,
    String bodyClass,
    String bodyMethod,
    String bodySignature,
    String instantiatedType) {
  private static final MethodHandle READ_RESOLVE =
      Objects.requireNonNull(
              ReflectionFactory.getReflectionFactory()
                  .readResolveForSerialization(SerializedLambda.class))
          .asType(MethodType.methodType(Object.class, SerializedLambda.class));

  /** Writes the dictionary's entry. */
  static byte[] entry(SerializedLambda lambda) {
    return Shape.entry(Shape.LAMBDA, out -> write(lambda, out));
  }

  private static void write(SerializedLambda lambda, DataOutputStream out) throws IOException {
    out.writeUTF(lambda.getCapturingClass().replace('/', '.'));
    out.writeUTF(lambda.getFunctionalInterfaceClass());
    out.writeUTF(lambda.getFunctionalInterfaceMethodName());
    out.writeUTF(lambda.getFunctionalInterfaceMethodSignature());
    out.writeByte(lambda.getImplMethodKind());
    out.writeUTF(lambda.getImplClass());
    out.writeUTF(lambda.getImplMethodName());
    out.writeUTF(lambda.getImplMethodSignature());
    out.writeUTF(lambda.getInstantiatedMethodType());
  }

  /** Reads what {@link #entry} wrote. */
  static LambdaShape read(DataInputStream in, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    return new LambdaShape(
        Class.forName(in.readUTF(), false, loader),
        in.readUTF(),
        in.readUTF(),
        in.readUTF(),
        in.readUnsignedByte(),
        in.readUTF(),
        in.readUTF(),
        in.readUTF(),
        in.readUTF());
  }

  /** Makes the lambda, by a method of the capturing class. */
  Object create(@Nullable Object[] arguments) throws IOException {
    var serialized =
        new SerializedLambda(
            capturingClass,
            interfaceClass,
            interfaceMethod,
            interfaceSignature,
            kind,
            bodyClass,
            bodyMethod,
            bodySignature,
            instantiatedType,
            arguments);
    try {
      return (Object) READ_RESOLVE.invokeExact(serialized);
    } catch (ObjectStreamException e) {
      throw inContext(e.getCause() == null ? e : e.getCause());
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw inContext(e);
    }
  }

  private InvalidObjectException inContext(Throwable cause) {
    return new InvalidObjectException(
        "cannot recreate a lambda of " + capturingClass.getName() + ": " + cause, cause);
  }
}

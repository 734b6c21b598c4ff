package dev.segue.process.codec;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The shortest path from a value to an object in it that cannot be sent. Java serialization names
 * only the class.
 *
 * @param path the steps, as {@code Order.customer → Customer.connection (java.net.Socket)}
 * @param culprit the object
 */
record SerializationPath(String path, Object culprit) {
  private static final int MOST = 1_000_000;

  /** An object on the path, and how it was reached. */
  private record Step(@Nullable Step before, String label, Object object) {}

  /**
   * Looks for an object.
   *
   * @param culprit whether an object is the one
   * @return the path; null if reflection cannot reach the object
   */
  static @Nullable SerializationPath find(Object root, Predicate<Object> culprit) {
    return new Search(culprit).from(root);
  }

  /** Breadth first, so that the path is the shortest one and no stack overflows. */
  private static final class Search {
    private final Predicate<Object> culprit;
    private final ArrayDeque<Step> open = new ArrayDeque<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    Search(Predicate<Object> culprit) {
      this.culprit = culprit;
    }

    @Nullable SerializationPath from(Object root) {
      add(null, "", root);
      for (var step = open.poll(); step != null && seen.size() < MOST; step = open.poll()) {
        var object = step.object();
        if (culprit.test(object)) {
          return new SerializationPath(text(step), object);
        }
        if (!(object instanceof Serializable)) {
          continue;
        }
        try {
          expand(step);
        } catch (Exception | LinkageError _) {
          // Not there: this search is only for the message.
        }
      }
      return null;
    }

    private void add(@Nullable Step before, String label, @Nullable Object object) {
      if (object != null && (!isLeaf(object) || culprit.test(object)) && seen.add(object)) {
        open.add(new Step(before, label, object));
      }
    }

    private static boolean isLeaf(Object object) {
      return object instanceof String
          || (object instanceof Number && isOfJdk(object.getClass()))
          || object instanceof Enum<?>
          || object instanceof Class<?>
          || (object.getClass().isArray() && object.getClass().getComponentType().isPrimitive());
    }

    private void expand(Step step) {
      var object = step.object();
      var type = object.getClass();
      var name = type.getSimpleName();
      switch (Shape.of(type)) {
        case Shape.Lambda(var writeReplace) -> addCaptured(step, replacement(writeReplace, object));
        case Shape.Replaced(var writeReplace) when !isOfJdk(type) ->
            add(step, name + ".writeReplace()", replacement(writeReplace, object));
        default -> {
          switch (object) {
            case Object[] elements -> addElements(step, name(type.getComponentType()), elements);
            case Map<?, ?> map when isOfJdk(type) -> addEntries(step, name, map);
            case Iterable<?> elements when isOfJdk(type) -> addElements(step, name, elements);
            case AtomicReference<?> reference -> add(step, name, reference.get());
            default -> addFields(step, type);
          }
        }
      }
      if (object instanceof Throwable thrown) {
        add(step, name + ".cause", thrown.getCause());
        for (var suppressed : thrown.getSuppressed()) {
          add(step, name + ".suppressed", suppressed);
        }
      }
    }

    private static @Nullable Object replacement(MethodHandle writeReplace, Object object) {
      try {
        return (Object) writeReplace.invokeExact(object);
      } catch (Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    private void addCaptured(Step step, @Nullable Object serialized) {
      if (!(serialized instanceof SerializedLambda lambda)) {
        return;
      }
      var name = name(lambda);
      // A body that is an instance method has "this" as its first captured argument.
      int own =
          lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeStatic
                  || lambda.getImplMethodKind() == MethodHandleInfo.REF_newInvokeSpecial
                  || lambda.getCapturedArgCount() == 0
              ? 0
              : 1;
      for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
        var label =
            i < own ? "this of " + name : "captured argument " + (i - own + 1) + " of " + name;
        add(step, label, lambda.getCapturedArg(i));
      }
    }

    private static String name(SerializedLambda lambda) {
      var owner = lambda.getImplClass().replace('/', '.');
      var simple = owner.substring(Math.max(owner.lastIndexOf('.'), owner.lastIndexOf('$')) + 1);
      var method = lambda.getImplMethodName();
      return method.startsWith("lambda$") ? simple + ".lambda" : simple + "::" + method;
    }

    private void addElements(Step step, String name, Object[] elements) {
      for (int i = 0; i < elements.length; i++) {
        add(step, name + "[" + i + "]", elements[i]);
      }
    }

    private void addElements(Step step, String name, Iterable<?> elements) {
      int i = 0;
      for (var element : elements) {
        add(step, name + "[" + i++ + "]", element);
      }
    }

    private void addEntries(Step step, String name, Map<?, ?> map) {
      map.forEach((key, value) -> {
        add(step, "key of " + name, key);
        add(step, name + "[" + (key != null && isLeaf(key) ? key : "…") + "]", value);
      });
    }

    /** Fields of superclasses that are not serializable are not written. */
    private void addFields(Step step, Class<?> type) {
      for (Class<?> each = type;
          each != null && Serializable.class.isAssignableFrom(each);
          each = each.getSuperclass()) {
        for (var field : each.getDeclaredFields()) {
          if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0
              && !field.getType().isPrimitive()) {
            add(step, name(each) + "." + field.getName(), value(field, step.object()));
          }
        }
      }
    }

    private static @Nullable Object value(Field field, Object object) {
      try {
        field.setAccessible(true);
        return field.get(object);
      } catch (IllegalAccessException | InaccessibleObjectException _) {
        return null;
      }
    }

    private static boolean isOfJdk(Class<?> type) {
      return type.getModule() == Object.class.getModule();
    }

    private static String name(Class<?> type) {
      return type.getSimpleName().isEmpty()
          ? type.getName().substring(type.getName().lastIndexOf('.') + 1)
          : type.getSimpleName();
    }

    private static String text(Step last) {
      var text = new StringBuilder();
      for (Step step = last; step != null && step.before() != null; step = step.before()) {
        text.insert(0, (step.before().before() == null ? "" : " → ") + step.label());
      }
      return text + " (" + last.object().getClass().getName() + ")";
    }
  }
}

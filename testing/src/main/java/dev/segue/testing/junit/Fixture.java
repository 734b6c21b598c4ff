package dev.segue.testing.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExecutableInvoker;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** A test class, a new instance of which is made for each run of a test method. */
final class Fixture {
  private final ExecutableInvoker invoker;
  private final List<Level> levels = new ArrayList<>(); // outermost first

  /** A class, or one that it is nested in. */
  private record Level(Constructor<?> constructor, List<Method> before, List<Method> after) {}

  Fixture(Class<?> testClass, ExecutableInvoker invoker) {
    this.invoker = invoker;
    for (Class<?> each = testClass; each != null; each = outer(each)) {
      levels.addFirst(
          new Level(
              constructor(each),
              methods(each, BeforeEach.class, HierarchyTraversalMode.TOP_DOWN),
              methods(each, AfterEach.class, HierarchyTraversalMode.BOTTOM_UP)));
    }
  }

  /** The class whose instance a nested one needs. */
  private static @Nullable Class<?> outer(Class<?> nested) {
    return Modifier.isStatic(nested.getModifiers()) ? null : nested.getDeclaringClass();
  }

  private static Constructor<?> constructor(Class<?> testClass) {
    var constructor =
        testClass.getDeclaredConstructors()[0]; // JUnit has checked that it is the one
    constructor.setAccessible(true);
    return constructor;
  }

  private static List<Method> methods(
      Class<?> testClass, Class<? extends Annotation> annotation, HierarchyTraversalMode order) {
    var methods = AnnotationSupport.findAnnotatedMethods(testClass, annotation, order);
    methods.forEach(method -> method.setAccessible(true));
    return methods;
  }

  /** Runs a test method as JUnit would, with what comes before and after each. */
  void run(Method test) throws Throwable {
    test.setAccessible(true);
    var instances = new ArrayList<>(levels.size());
    Object instance = null;
    for (var level : levels) {
      instance =
          instance == null
              ? invoker.invoke(level.constructor)
              : invoker.invoke(level.constructor, instance);
      instances.add(instance);
    }
    var thrown = new ArrayList<Throwable>();
    try {
      for (int i = 0; i < levels.size(); i++) {
        for (var method : levels.get(i).before) {
          invoker.invoke(method, instances.get(i));
        }
      }
      invoker.invoke(test, instance);
    } catch (Throwable failure) {
      thrown.add(failure);
    }
    for (int i = levels.size() - 1; i >= 0; i--) {
      for (var method : levels.get(i).after) {
        try {
          invoker.invoke(method, instances.get(i));
        } catch (Throwable failure) {
          thrown.add(failure); // the others are called all the same
        }
      }
    }
    if (!thrown.isEmpty()) {
      var first = thrown.removeFirst();
      thrown.stream().filter(each -> !each.equals(first)).forEach(first::addSuppressed);
      throw first;
    }
  }
}

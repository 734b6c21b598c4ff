package dev.segue.testing.junit;

import dev.segue.testing.Explorer;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs the methods that are annotated with {@link ExploreTest}. */
final class ExploreExtension implements InvocationInterceptor {
  private static final String REPLAY = "segue.replay";
  private static final String REPORT = "segue.report";

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context) {
    invocation.skip(); // each schedule calls it
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context) {
    invocation.skip();
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    invocation.skip(); // each schedule has an instance of its own
    var fixture = new Fixture(context.getRequiredTestClass(), context.getExecutableInvoker());
    var exploration = explorer(context).explore(() -> fixture.run(called.getExecutable()));
    context.publishReportEntry("segue.explored", exploration.toString());
    try {
      exploration.throwIfFailed();
    } catch (Throwable thrown) {
      var page = context.getConfigurationParameter(REPORT);
      if (page.isPresent()) {
        thrown.addSuppressed(
            PageNote.ofWriting(exploration.failure().orElseThrow(), numbered(page.get(), context)));
      }
      throw thrown;
    }
  }

  /** The file, or for the second test that fails {@code schedule-2.html}, and so on. */
  private static Path numbered(String file, ExtensionContext context) {
    var store = context.getRoot().getStore(Namespace.create(ExploreExtension.class));
    int number =
        store
            .computeIfAbsent(REPORT, _ -> new AtomicInteger(), AtomicInteger.class)
            .incrementAndGet();
    return Path.of(number == 1 ? file : file.replaceFirst("(\\.[^./]*)?$", "-" + number + "$1"));
  }

  private static Explorer explorer(ExtensionContext context) {
    var test =
        AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), ExploreTest.class)
            .orElseThrow();
    var builder =
        Explorer.builder()
            .schedules(test.schedules())
            .holds(test.holds())
            .cancels(test.cancels())
            .slowSteps(test.slowSteps())
            .steps(test.steps())
            .seed(test.seed())
            .leftBehind(test.leftBehind());
    context.getConfigurationParameter(REPLAY).ifPresent(builder::replay);
    return builder.build();
  }
}

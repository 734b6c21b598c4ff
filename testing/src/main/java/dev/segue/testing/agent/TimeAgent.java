package dev.segue.testing.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.segue.Async;
import dev.segue.TaskTime;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.invoke.MethodHandles;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent that puts the JDK's clocks and waits, where a task calls them, under the clock of
 * the task's loop, if that is not the machine's.
 */
public final class TimeAgent implements ClassFileTransformer {
  /**
   * What of the JDK is rewritten: what has to do with tasks' time, and not that of other threads.
   */
  private static final Pattern JDK =
      Pattern.compile(
          "java/util/concurrent/(?!locks/LockSupport$|DelayScheduler|ScheduledThreadPoolExecutor"
              + "|ThreadLocalRandom).*"
              + "|java/lang/(?:Virtual)?Thread|java/time/Clock(?:\\$.*)?"
              + "|java/util/(?:Date|GregorianCalendar)|sun/util/locale/provider/CalendarProviderImpl");

  private static final Pattern SEGUE =
      Pattern.compile("dev/segue/(?:[A-Z]|(?:futures|process|inspect|testing|micrometer)/).*");

  private volatile @Nullable Throwable failure;

  private TimeAgent() {}

  /**
   * Called by the JVM before the program starts.
   *
   * @param arguments none
   * @param instrumentation of this JVM
   */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation)
      throws IOException, ReflectiveOperationException, UnmodifiableClassException {
    openJavaLang(instrumentation);
    install(defineTimedCalls());
    TaskTime.use();
    var agent = new TimeAgent();
    // Loads all that this takes: what is loaded while a class is rewritten is not rewritten itself.
    var _ = CallWeaver.weave(classFile(), ClassLoader.getSystemClassLoader());
    instrumentation.addTransformer(agent, true);
    instrumentation.retransformClasses(
        Arrays.stream(instrumentation.getAllLoadedClasses())
            .filter(type -> isRewritten(type.getName().replace('.', '/'), type.getClassLoader()))
            .filter(instrumentation::isModifiableClass)
            .toArray(Class<?>[]::new));
    var failure = agent.failure;
    if (failure != null) {
      throw new IllegalStateException(
          "the agent cannot rewrite the classes of Java " + Runtime.version(), failure);
    }
  }

  private static void openJavaLang(Instrumentation instrumentation) {
    var opened = Set.copyOf(List.of(TimeAgent.class.getModule(), Async.class.getModule()));
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang", opened),
        Set.of(),
        Map.of());
  }

  /** Puts the copy of {@link TimedCalls} into {@code java.lang}, where all code finds it. */
  private static Class<?> defineTimedCalls() throws IOException, IllegalAccessException {
    var text = new String(classFile(), ISO_8859_1);
    var name = TimedCalls.class.getName().replace('.', '/');
    var newName =
        CallWeaver.CALLED.packageName().replace('.', '/') + "/" + CallWeaver.CALLED.displayName();
    var copy = text.replace(nameConstant(name), nameConstant(newName)).getBytes(ISO_8859_1);
    return MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup()).defineClass(copy);
  }

  /** A string constant as a class file has it: a tag, two bytes for the length, the text. */
  private static String nameConstant(String name) {
    return "\1\0" + (char) name.length() + name;
  }

  private static void install(Class<?> timedCalls) throws ReflectiveOperationException {
    LongSupplier nanoTime =
        () -> {
          var clock = TaskTime.clock();
          return clock == null ? -1 : clock.nanoTime();
        };
    Supplier<?> instant =
        () -> {
          var clock = TaskTime.clock();
          return clock == null ? null : clock.instant();
        };
    ObjLongConsumer<@Nullable Object> park = TaskTime::park;
    ObjLongConsumer<Object> monitorWait =
        (monitor, nanos) -> {
          try {
            TaskTime.wait(monitor, nanos);
          } catch (InterruptedException e) {
            throw TimeAgent.<RuntimeException>unchecked(e);
          }
        };
    Consumer<@Nullable Object> wakes = thread -> TaskTime.wakes((Thread) thread);
    timedCalls
        .getMethod(
            "install",
            LongSupplier.class,
            Supplier.class,
            ObjLongConsumer.class,
            ObjLongConsumer.class,
            Consumer.class)
        .invoke(null, nanoTime, instant, park, monitorWait, wakes);
  }

  private static byte[] classFile() throws IOException {
    try (var in = TimeAgent.class.getResourceAsStream("TimedCalls.class")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> X unchecked(Throwable thrown) throws X {
    throw (X) thrown;
  }

  private static boolean isRewritten(String type, @Nullable ClassLoader loader) {
    boolean isOfJdk = loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    return isOfJdk ? JDK.matcher(type).matches() : !SEGUE.matcher(type).matches();
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (name == null || !isRewritten(name, loader)) {
      return null;
    }
    try {
      return CallWeaver.weave(
          classFile, loader == null ? ClassLoader.getSystemClassLoader() : loader);
    } catch (Throwable thrown) { // which the JVM would drop
      failure = thrown;
      System.getLogger("dev.segue")
          .log(
              Level.WARNING,
              "class " + name + " cannot be rewritten, and keeps the machine's time",
              thrown);
      return null;
    }
  }
}

package dev.segue.process;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.TimeZone;

/** Runs instead of a worker and prints how it was started. */
public final class WorkerProbe {
  private WorkerProbe() {}

  /** Each argument is a question; each answer is a line. */
  public static void main(String[] args) throws Exception {
    for (var question : args) {
      System.out.println(answer(question));
    }
  }

  private static Object answer(String question) throws Exception {
    var value = question.substring(question.indexOf(':') + 1);
    return switch (question.substring(0, question.length() - value.length())) {
      case "class:" -> Class.forName(value).getName();
      case "module:" -> Class.forName(value).getModule();
      case "property:" -> System.getProperty(value);
      case "flag:" -> flag(value);
      case "environment:" -> System.getenv(value);
      case "opens:" -> Object.class.getModule().isOpen(value, WorkerProbe.class.getModule());
      default ->
          switch (question) {
            case "options" -> ManagementFactory.getRuntimeMXBean().getInputArguments();
            case "locale" -> Locale.getDefault() + " " + Locale.getDefault(Locale.Category.FORMAT);
            case "zone" -> TimeZone.getDefault().getID();
            case "assertions" -> WorkerProbe.class.desiredAssertionStatus();
            case "folder" -> System.getProperty("user.dir");
            case "nativeAccess" -> WorkerProbe.class.getModule().isNativeAccessEnabled();
            default -> throw new IllegalArgumentException(question);
          };
    };
  }

  /** The value of a flag of this JVM. */
  private static String flag(String name) {
    return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .getVMOption(name)
        .getValue();
  }
}

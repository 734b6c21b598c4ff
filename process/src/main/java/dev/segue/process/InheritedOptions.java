package dev.segue.process;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's JVM takes over from this one: how modules may be used, assertions, some system
 * properties. Memory, collectors, debuggers, agents and recordings are each JVM's own.
 */
final class InheritedOptions {
  private static final Pattern INHERITED =
      Pattern.compile(
          "--(add-(opens|exports|reads|modules)|limit-modules|upgrade-module-path|patch-module"
              + "|enable-native-access|illegal-native-access|sun-misc-unsafe-memory-access"
              + "|enable-final-field-mutation|illegal-final-field-mutation)=.*"
              + "|--enable-preview"
              + "|-(ea|da|esa|dsa|enableassertions|disableassertions"
              + "|enablesystemassertions|disablesystemassertions)(:.*)?"
              + "|-Xbootclasspath/a:.*");

  /** Those whose value is a path, whose entries may be relative to this JVM's working directory. */
  private static final Pattern PATH =
      Pattern.compile("(--upgrade-module-path=|--patch-module=[^=]*=|-Xbootclasspath/a:)(.*)");

  /** System properties that workers get if they were set when this JVM was started. */
  private static final List<String> IF_GIVEN =
      List.of(
          "file.encoding",
          "native.encoding",
          "sun.jnu.encoding",
          "java.io.tmpdir",
          "java.library.path",
          "java.system.class.loader");

  private final List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
  private final List<String> options = new ArrayList<>();
  private final Collection<String> properties;

  /** Reads this JVM's options, and will read these of its system properties besides. */
  InheritedOptions(Collection<String> properties) {
    for (var option : given) {
      if (INHERITED.matcher(option).matches()) {
        var path = PATH.matcher(option);
        options.add(path.matches() ? path.group(1) + absolute(path.group(2)) : option);
      }
    }
    options.addAll(ofMainJar());
    this.properties = new LinkedHashSet<>(properties);
    IF_GIVEN.stream()
        .filter(name -> given.stream().anyMatch(option -> option.startsWith("-D" + name + "=")))
        .forEach(this.properties::add);
  }

  /** Options that decide how modules see each other, whether assertions count, and the like. */
  List<String> options() {
    return options;
  }

  /** System properties as options, with the values of now. */
  List<String> properties() {
    var now = new ArrayList<String>();
    addLocale(now, "", Locale.getDefault());
    addLocale(now, ".display", Locale.getDefault(Locale.Category.DISPLAY));
    addLocale(now, ".format", Locale.getDefault(Locale.Category.FORMAT));
    now.add("-Duser.timezone=" + TimeZone.getDefault().getID());
    for (var name : properties) {
      var value = System.getProperty(name);
      if (value != null) {
        now.add("-D%s=%s".formatted(name, value));
      }
    }
    return now;
  }

  private static void addLocale(List<String> options, String kind, Locale locale) {
    if (!kind.isEmpty() && locale.equals(Locale.getDefault())) {
      return;
    }
    options.add("-Duser.language%s=%s".formatted(kind, locale.getLanguage()));
    options.add("-Duser.script%s=%s".formatted(kind, locale.getScript()));
    options.add("-Duser.country%s=%s".formatted(kind, locale.getCountry()));
    options.add("-Duser.variant%s=%s".formatted(kind, locale.getVariant()));
  }

  /** What the manifest of {@code java -jar} allows, which is of no effect on a class path. */
  private static List<String> ofMainJar() {
    var jar = System.getProperty("java.class.path", "");
    var command = System.getProperty("sun.java.command", "");
    if (jar.isEmpty() || !(command.equals(jar) || command.startsWith(jar + " "))) {
      return List.of();
    }
    Attributes manifest;
    try (var file = new JarFile(jar)) {
      manifest = file.getManifest().getMainAttributes();
    } catch (IOException _) {
      return List.of(); // deleted meanwhile, which the worker will say better
    }
    var options = new ArrayList<String>();
    addPackages(options, "--add-opens=", manifest.getValue("Add-Opens"));
    addPackages(options, "--add-exports=", manifest.getValue("Add-Exports"));
    var access = manifest.getValue("Enable-Native-Access");
    if (access != null) {
      options.add("--enable-native-access=" + access.strip());
    }
    return options;
  }

  private static void addPackages(List<String> options, String option, @Nullable String packages) {
    if (packages == null) {
      return;
    }
    for (var name : packages.split("\\s+", -1)) {
      var slash = name.indexOf('/');
      // A manifest may name what is not there; the option would complain of it.
      if (slash > 0
          && ModuleLayer.boot()
              .findModule(name.substring(0, slash))
              .filter(module -> module.getPackages().contains(name.substring(slash + 1)))
              .isPresent()) {
        options.add(option + name + "=ALL-UNNAMED");
      }
    }
  }

  private static String absolute(String path) {
    return Arrays.stream(path.split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}

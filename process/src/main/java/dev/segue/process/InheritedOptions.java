package dev.segue.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options that a worker's JVM inherits from this one: access to modules, assertions, some
 * system properties. Memory, garbage collectors, debuggers, agents and recordings are not
 * inherited.
 */
final class InheritedOptions {
  private static final String PATCH = "--patch-module=";

  private static final List<String> INHERITED =
      List.of(
          "--add-opens=",
          "--add-exports=",
          "--add-reads=",
          "--add-modules=",
          "--enable-native-access=",
          "--illegal-native-access=",
          "--enable-final-field-mutation=",
          "--illegal-final-field-mutation=",
          "--sun-misc-unsafe-memory-access=",
          "--limit-modules=",
          "--enable-preview",
          "-ea",
          "-da",
          "-esa",
          "-dsa",
          "-enableassertions",
          "-disableassertions",
          "-enablesystemassertions",
          "-disablesystemassertions");

  /** Options whose value is a path: its entries may be relative to this JVM's working directory. */
  private static final List<String> INHERITED_PATHS =
      List.of("--upgrade-module-path=", PATCH, "-Xbootclasspath/a:");

  /** System properties that workers get if they were set when this JVM was started. */
  private static final List<String> IF_GIVEN =
      List.of(
          "file.encoding",
          "native.encoding",
          "sun.jnu.encoding",
          "java.io.tmpdir",
          "java.library.path",
          "java.system.class.loader");

  private final List<String> options = new ArrayList<>();
  private final Set<String> properties;
  private final boolean anyOfManifest;

  /**
   * Chooses from this JVM's options.
   *
   * @param ofThisJvm the options
   * @param properties further system properties to inherit
   */
  InheritedOptions(List<String> ofThisJvm, Collection<String> properties) {
    this.properties = new LinkedHashSet<>(properties);
    for (var option : ofThisJvm) {
      if (option.startsWith("-D")) {
        int equals = option.indexOf('=');
        var name = option.substring(2, equals < 0 ? option.length() : equals);
        if (IF_GIVEN.contains(name)) {
          this.properties.add(name);
        }
      } else {
        addIfInherited(option);
      }
    }
    int ofCommandLine = options.size();
    addOfMainJar();
    anyOfManifest = options.size() > ofCommandLine;
  }

  private void addIfInherited(String option) {
    for (var prefix : INHERITED) {
      if (option.startsWith(prefix)) {
        options.add(option);
      }
    }
    for (var prefix : INHERITED_PATHS) {
      if (option.startsWith(prefix)) {
        // The path comes after the name of the module that it patches.
        int path =
            prefix.equals(PATCH) ? option.indexOf('=', prefix.length()) + 1 : prefix.length();
        options.add(
            option.substring(0, path) + SearchPath.join(SearchPath.split(option.substring(path))));
      }
    }
  }

  /** Returns the options for modules, assertions and the like. */
  List<String> options() {
    return options;
  }

  /** Whether some of the options come from the manifest of {@code java -jar}. */
  boolean isAnyOfManifest() {
    return anyOfManifest;
  }

  /** Returns the inherited system properties as options, with their current values. */
  List<String> properties() {
    var now = new ArrayList<String>();
    addLocale(now, "", Locale.getDefault());
    addLocale(now, ".display", Locale.getDefault(Locale.Category.DISPLAY));
    addLocale(now, ".format", Locale.getDefault(Locale.Category.FORMAT));
    now.add("-Duser.timezone=" + TimeZone.getDefault().getID());
    for (var name : properties) {
      var value = System.getProperty(name);
      if (value != null) {
        now.add("-D" + name + "=" + value);
      }
    }
    return now;
  }

  private static void addLocale(List<String> options, String kind, Locale locale) {
    if (!kind.isEmpty() && locale.equals(Locale.getDefault())) {
      return;
    }
    options.add("-Duser.language" + kind + "=" + locale.getLanguage());
    options.add("-Duser.script" + kind + "=" + locale.getScript());
    options.add("-Duser.country" + kind + "=" + locale.getCountry());
    options.add("-Duser.variant" + kind + "=" + locale.getVariant());
    options.add("-Duser.extensions" + kind + "=" + extensions(locale));
  }

  /** Returns what follows in the language tag, private use last. */
  private static String extensions(Locale locale) {
    if (!locale.hasExtensions()) {
      return ""; // without a stream, whose first use takes 20 ms
    }
    return locale.getExtensionKeys().stream()
        .sorted(Comparator.comparing(key -> key == Locale.PRIVATE_USE_EXTENSION))
        .map(key -> key + "-" + locale.getExtension(key))
        .collect(Collectors.joining("-"));
  }

  /**
   * Adds what the manifest of {@code java -jar} allows, since a jar on the class path is not asked.
   */
  private void addOfMainJar() {
    var jar = System.getProperty("java.class.path", "");
    var command = System.getProperty("sun.java.command", "");
    if (jar.isEmpty() || !(command.equals(jar) || command.startsWith(jar + " "))) {
      return;
    }
    Attributes manifest;
    try (var file = new JarFile(jar)) {
      manifest = file.getManifest().getMainAttributes();
    } catch (IOException _) {
      return; // deleted since: the worker will report that
    }
    addPackages("--add-opens=", manifest.getValue("Add-Opens"));
    addPackages("--add-exports=", manifest.getValue("Add-Exports"));
    var access = manifest.getValue("Enable-Native-Access");
    if (access != null) {
      options.add("--enable-native-access=" + access.strip());
    }
  }

  private void addPackages(String option, @Nullable String packages) {
    if (packages == null) {
      return;
    }
    for (var name : packages.split(" ", -1)) {
      int slash = name.indexOf('/');
      // A manifest may name a package that does not exist, for which the option would print a
      // warning.
      if (slash > 0 && isPackage(name.substring(0, slash), name.substring(slash + 1))) {
        options.add(option + name + "=ALL-UNNAMED");
      }
    }
  }

  private static boolean isPackage(String module, String name) {
    var found = ModuleLayer.boot().findModule(module);
    return found.isPresent() && found.get().getPackages().contains(name);
  }
}

package dev.segue.cli;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which packages the classes of a package may use, beside their own and those of the JDK.
 *
 * @param mayUse by package, the names of packages and of single types
 */
record PackageEdges(Map<String, List<String>> mayUse) {
  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

  private static final Set<String> JDK =
      ModuleLayer.boot().modules().stream()
          .flatMap(module -> module.getPackages().stream())
          .collect(Collectors.toSet());

  /** What is wrong with these class files, a line for each pair of classes. */
  List<String> faults(Map<String, byte[]> classFiles) {
    var faults = new ArrayList<String>();
    classFiles.forEach((file, bytes) -> {
      var name = file.replaceFirst("\\.class$", "").replace('/', '.');
      if (!name.endsWith("-info")) {
        addFaults(name, uses(bytes), faults);
      }
    });
    return faults;
  }

  private void addFaults(String name, Set<String> uses, List<String> faults) {
    var from = packageOf(name);
    var allowed = mayUse.get(from);
    if (allowed == null) {
      faults.add(name + " is in a package that has no rule yet: " + from);
      return;
    }
    for (var used : uses) {
      var to = packageOf(used);
      if (!to.equals(from)
          && !JDK.contains(to)
          && !allowed.contains(to)
          && !allowed.contains(used)) {
        faults.add("%s uses %s: %s may use only %s".formatted(name, used, from, allowed));
      }
    }
  }

  private static String packageOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  /** Every class that is named in a class file, in code, signatures or annotations. */
  static Set<String> uses(byte[] classFile) {
    var uses = new TreeSet<String>();
    for (var entry : ClassFile.of().parse(classFile).constantPool()) {
      switch (entry) {
        case ClassEntry type when !type.asInternalName().startsWith("[") ->
            uses.add(type.asInternalName().replace('/', '.'));
        case Utf8Entry text ->
            IN_DESCRIPTOR
                .matcher(text.stringValue())
                .results()
                .forEach(found -> uses.add(found.group(1).replace('/', '.')));
        default -> {}
      }
    }
    return uses;
  }
}

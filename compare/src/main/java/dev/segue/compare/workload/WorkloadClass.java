package dev.segue.compare.workload;

import dev.segue.compare.Workload;
import dev.segue.compare.WorkloadException;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the class that is the workload, and checks that one can be made of it. */
final class WorkloadClass {
  private WorkloadClass() {}

  /** The class with this name. */
  static Class<?> named(String name, List<Path> classPath) throws WorkloadException, IOException {
    try (var loader = loader(classPath)) {
      var type = load(name, loader);
      if (!Workload.class.isAssignableFrom(type)) {
        throw new WorkloadException(
            "class " + name + " does not implement " + Workload.class.getName());
      }
      return checked(type);
    } catch (ClassNotFoundException _) {
      throw new WorkloadException(
          "there is no workload '"
              + name
              + "': it is neither a ready-made one ("
              + Subject.readyMadeNames()
              + "), nor a file that ends in .java, nor a class on the class path");
    }
  }

  /** The only one in this folder that is a workload. */
  static Class<?> in(Path folder, List<Path> classPath, String file)
      throws WorkloadException, IOException {
    var found = new ArrayList<Class<?>>();
    try (var loader = loader(classPath);
        var files = Files.walk(folder)) {
      for (var each : files.filter(it -> it.toString().endsWith(".class")).sorted().toList()) {
        var path = folder.relativize(each).toString();
        var name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
        var type = load(name, loader);
        if (Workload.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
          found.add(type);
        }
      }
    } catch (ClassNotFoundException e) {
      throw new WorkloadException(file + ": class " + e.getMessage() + " cannot be loaded");
    }
    if (found.isEmpty()) {
      throw new WorkloadException(
          file
              + " has no class that implements "
              + Workload.class.getName()
              + "; 'segue compare --init NAME' writes one to start from");
    } else if (found.size() > 1) {
      throw new WorkloadException(
          file
              + " has more than one workload: "
              + found.stream().map(Class::getName).collect(Collectors.joining(", "))
              + "; put each into a file of its own");
    }
    return checked(found.getFirst());
  }

  private static Class<?> load(String name, ClassLoader loader)
      throws WorkloadException, ClassNotFoundException {
    try {
      return Class.forName(name, false, loader);
    } catch (LinkageError e) {
      throw new WorkloadException("class " + name + " cannot be loaded: " + e);
    }
  }

  private static URLClassLoader loader(List<Path> classPath) throws MalformedURLException {
    var urls = new URL[classPath.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = classPath.get(i).toUri().toURL();
    }
    return new URLClassLoader(urls, WorkloadClass.class.getClassLoader());
  }

  private static Class<?> checked(Class<?> type) throws WorkloadException {
    try {
      if (Modifier.isAbstract(type.getModifiers())) {
        throw new WorkloadException("class " + type.getName() + " is abstract");
      }
      var constructor = type.getDeclaredConstructor();
      if (Modifier.isPrivate(constructor.getModifiers())) {
        throw new WorkloadException(
            "the constructor of class " + type.getName() + " is private, so no model can make one");
      }
      return type;
    } catch (NoSuchMethodException _) {
      throw new WorkloadException(
          "class "
              + type.getName()
              + " has no constructor without parameters, so no model can make one"
              + (type.isMemberClass() && !Modifier.isStatic(type.getModifiers())
                  ? "; make the class static"
                  : ""));
    } catch (LinkageError e) {
      throw new WorkloadException("class " + type.getName() + " cannot be loaded: " + e);
    }
  }
}

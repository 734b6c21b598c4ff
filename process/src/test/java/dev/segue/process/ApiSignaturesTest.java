package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The names and signatures that programs are written against, which {@code api-signatures.txt}
 * lists: no less, and no more either. What was added to the first design is marked with a plus.
 */
class ApiSignaturesTest {
  private static final String LIST = "api-signatures.txt";
  private static final String FOLDER = "dev/segue/process";

  static List<String> types() throws IOException {
    return lines()
        .filter(line -> line.startsWith("["))
        .map(line -> line.replaceAll("[\\[\\]]", ""))
        .toList();
  }

  private static Stream<String> lines() throws IOException {
    try (var list = ApiSignaturesTest.class.getResourceAsStream(LIST)) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.startsWith("+ ") ? line.substring(2) : line);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void areTheListedOnes(String type) throws Exception {
    var promised =
        lines()
            .dropWhile(line -> !line.equals("[" + type + "]"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("["))
            .filter(line -> !line.isBlank())
            .toList();
    assertThat(signatures(Class.forName(type))).containsExactlyInAnyOrderElementsOf(promised);
  }

  @Test
  void ofAllPublicTypes() throws Exception {
    assertThat(types()).containsExactlyInAnyOrderElementsOf(publicTypes());
  }

  private static List<String> publicTypes() throws Exception {
    var location = ProcessPoolExecutor.class.getProtectionDomain().getCodeSource().getLocation();
    var loader = ApiSignaturesTest.class.getClassLoader();
    var found = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(Path.of(location.toURI()).resolve(FOLDER))) {
      for (var file : files) {
        var name = (FOLDER + "/" + file.getFileName()).replace(".class", "").replace('/', '.');
        if (isPublic(Class.forName(name, false, loader))) {
          found.add(name);
        }
      }
    }
    return found;
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }

  /** The type's own line, its public fields, constructors and methods. */
  static List<String> signatures(Class<?> type) {
    var above = type.getGenericSuperclass() == null ? "" : type.getGenericSuperclass() + " ";
    var header =
        type.toGenericString() + ": " + above + Arrays.toString(type.getGenericInterfaces());
    var fields = Arrays.stream(type.getFields()).map(Field::toGenericString);
    var constructors = Arrays.stream(type.getConstructors()).map(Constructor::toGenericString);
    var methods =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .map(Method::toGenericString)
            .sorted();
    return Stream.of(Stream.of(header), fields, constructors, methods)
        .flatMap(lines -> lines)
        .toList();
  }
}

package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The names and signatures that programs are written against, which {@code api-signatures.txt}
 * lists: a type may have more, never less.
 */
class ApiSignaturesTest {
  private static final String LIST = "api-signatures.txt";

  static Stream<String> types() throws IOException {
    return lines()
        .filter(line -> line.startsWith("["))
        .map(line -> line.replaceAll("[\\[\\]]", ""));
  }

  private static Stream<String> lines() throws IOException {
    try (var list = ApiSignaturesTest.class.getResourceAsStream(LIST)) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void areKept(String type) throws Exception {
    var promised =
        lines()
            .dropWhile(line -> !line.equals("[" + type + "]"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("["))
            .filter(line -> !line.isBlank())
            .toList();
    assertThat(promised).isNotEmpty();
    assertThat(signatures(Class.forName(type))).containsAll(promised);
  }

  /** The type's own line, its enum constants, record components and public methods. */
  static List<String> signatures(Class<?> type) {
    var constants =
        type.isEnum() ? Arrays.stream(type.getEnumConstants()).map(Object::toString) : none();
    var components =
        type.isRecord()
            ? Arrays.stream(type.getRecordComponents())
                .map(component -> component.getGenericType() + " " + component.getName())
            : none();
    var methods =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .map(Method::toGenericString)
            .sorted();
    return Stream.of(Stream.of(header(type)), constants, components, methods)
        .flatMap(lines -> lines)
        .toList();
  }

  private static Stream<String> none() {
    return Stream.empty();
  }

  private static String header(Class<?> type) {
    var text = new StringBuilder(type.toGenericString());
    var above = type.getSuperclass();
    if (above != null && above != Object.class && Modifier.isPublic(above.getModifiers())) {
      text.append(" extends ").append(type.getGenericSuperclass().getTypeName());
    }
    if (type.getGenericInterfaces().length > 0) {
      text.append(type.isInterface() ? " extends " : " implements ")
          .append(
              Arrays.stream(type.getGenericInterfaces())
                  .map(Type::getTypeName)
                  .collect(Collectors.joining(", ")));
    }
    return text.toString();
  }
}

package dev.segue.compare;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.segue.compare.Report.Point;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Report} as JSON, without its recordings. Times are numbers of seconds, sizes are bytes,
 * the names of models are those of {@link Model#id}.
 *
 * <pre>{@code
 * format          "segue compare"
 * version         1
 * workload        the name of the workload
 * parameters      an object: what the workload was told, its defaults included
 * workers         how many threads or processes a pool had
 * rate            how many jobs were submitted in a second, evenly; 0, or absent, if all were at
 *                 once
 * at              when it began, as 2026-01-31T12:00:00Z
 * machine         processors, jdk, system
 * complete        false if it was ended early
 * points[]        one; or as many as a sweep has values
 *   swept, value  what was varied, and its value here; absent without a sweep
 *   jobs          what the jobs are like, absent if that is not known: count, waiting (0 to 1),
 *                 median_seconds, longest_seconds, total_seconds, bytes
 *   models[]      model, start_up_seconds, warm_ups, steady
 *     medians     what the repetitions come to, for other programs: wall_seconds,
 *                 processor_seconds, p50_seconds, p99_seconds, max_seconds, memory_bytes, each
 *                 with median, low and high (the 95 % confidence interval)
 *     repetitions[]  wall_seconds, processor_seconds, p50_seconds, p99_seconds, max_seconds,
 *                 threads, memory_bytes
 *   findings[]    model, kind (as wrong-result), wrong (true if the model's times mean nothing),
 *                 text, at (where in the code; absent if that is not known)
 * }</pre>
 *
 * <p>A later version may add fields, which a reader must ignore. The version changes if the meaning
 * of a field does.
 */
public final class ReportJson {
  private static final String FORMAT = "segue compare";
  private static final int VERSION = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private ReportJson() {}

  /**
   * Writes a report into a file, which is replaced.
   *
   * @param report what to write
   * @param file the file
   * @throws IOException if that fails
   */
  public static void write(Report report, Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    Files.writeString(file, of(report));
  }

  /**
   * Returns a report as JSON.
   *
   * @param report what to write
   * @return a text that ends with the end of a line
   */
  public static String of(Report report) {
    Objects.requireNonNull(report, "report must not be null");
    return GSON.toJson(json(report)) + "\n";
  }

  /**
   * Reads a report.
   *
   * @param file a file that {@link #write} wrote
   * @return the report
   * @throws IOException if the file cannot be read, is no report, is damaged, or of a later
   *     version; the message says which, and where
   */
  public static Report read(Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    try {
      return parse(Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is no report of 'segue compare': it is not text", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " " + e.getMessage(), e);
    }
  }

  /**
   * Reads a report.
   *
   * @param json what {@link #of} returned
   * @return the report
   * @throws IllegalArgumentException if it is no report, is damaged, or of a later version; the
   *     message says which, and where
   */
  public static Report parse(String json) {
    Objects.requireNonNull(json, "json must not be null");
    JsonElement root;
    try {
      root = JsonParser.parseString(json);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(
          "is no report of 'segue compare': it is not JSON, or ends too early", e);
    }
    if (!(root instanceof JsonObject object)
        || !(object.get("format") instanceof JsonPrimitive format)
        || !format.getAsString().equals(FORMAT)) {
      throw new IllegalArgumentException(
          "is no report of 'segue compare': \"format\" is not \"" + FORMAT + "\"");
    }
    var fields = new Fields(object, "");
    int version = fields.count("version");
    if (version > VERSION) {
      throw new IllegalArgumentException(
          "was written by a later Segue: its version is %d, and this Segue reads up to %d"
              .formatted(version, VERSION));
    }
    return report(fields);
  }

  // --- writing

  private static JsonObject json(Report report) {
    var json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("version", VERSION);
    json.addProperty("workload", report.workload());
    var parameters = new JsonObject();
    new TreeMap<>(report.parameters()).forEach(parameters::addProperty);
    json.add("parameters", parameters);
    json.addProperty("workers", report.workers());
    json.addProperty("rate", report.rate());
    json.addProperty("at", report.at().toString());
    var machine = new JsonObject();
    machine.addProperty("processors", report.machine().processors());
    machine.addProperty("jdk", report.machine().jdk());
    machine.addProperty("system", report.machine().system());
    json.add("machine", machine);
    json.addProperty("complete", report.complete());
    json.add("points", array(report.points(), ReportJson::json));
    return json;
  }

  private static JsonObject json(Point point) {
    var json = new JsonObject();
    addIfKnown(json, "swept", point.swept());
    addIfKnown(json, "value", point.value());
    var profile = point.profile();
    if (profile != null) {
      var jobs = new JsonObject();
      jobs.addProperty("count", profile.jobs());
      jobs.addProperty("waiting", profile.waiting());
      jobs.addProperty("median_seconds", seconds(profile.median()));
      jobs.addProperty("longest_seconds", seconds(profile.longest()));
      jobs.addProperty("total_seconds", seconds(profile.total()));
      jobs.addProperty("bytes", profile.bytes());
      json.add("jobs", jobs);
    }
    json.add("models", array(point.results(), ReportJson::json));
    json.add("findings", array(point.findings(), ReportJson::json));
    return json;
  }

  private static JsonObject json(ModelResult result) {
    var json = new JsonObject();
    json.addProperty("model", result.model().id());
    json.addProperty("start_up_seconds", seconds(result.startUp()));
    json.addProperty("warm_ups", result.warmUps());
    json.addProperty("steady", result.steady());
    if (!result.repetitions().isEmpty()) {
      json.add("medians", medians(result));
    }
    json.add("repetitions", array(result.repetitions(), ReportJson::json));
    return json;
  }

  private static JsonObject medians(ModelResult all) {
    var json = new JsonObject();
    json.add("wall_seconds", median(all, Repetition::wall, 1e9));
    json.add("processor_seconds", median(all, Repetition::processor, 1e9));
    json.add("p50_seconds", median(all, Repetition::p50, 1e9));
    json.add("p99_seconds", median(all, Repetition::p99, 1e9));
    json.add("max_seconds", median(all, Repetition::max, 1e9));
    json.add("memory_bytes", median(all, Repetition::memory, 1));
    return json;
  }

  private static JsonObject median(
      ModelResult all, ToLongFunction<Repetition> figure, double unit) {
    var estimate = all.median(figure);
    var json = new JsonObject();
    json.addProperty("median", estimate.median() / unit);
    json.addProperty("low", estimate.low() / unit);
    json.addProperty("high", estimate.high() / unit);
    return json;
  }

  private static JsonObject json(Repetition repetition) {
    var json = new JsonObject();
    json.addProperty("wall_seconds", seconds(repetition.wall()));
    json.addProperty("processor_seconds", seconds(repetition.processor()));
    json.addProperty("p50_seconds", seconds(repetition.p50()));
    json.addProperty("p99_seconds", seconds(repetition.p99()));
    json.addProperty("max_seconds", seconds(repetition.max()));
    json.addProperty("threads", repetition.threads());
    json.addProperty("memory_bytes", repetition.memory());
    return json;
  }

  private static JsonObject json(Finding finding) {
    var json = new JsonObject();
    json.addProperty("model", finding.model().id());
    json.addProperty("kind", finding.kind().id());
    json.addProperty("wrong", finding.kind().isWrong());
    json.addProperty("text", finding.text());
    addIfKnown(json, "at", finding.at());
    return json;
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonElement> json) {
    var array = new JsonArray();
    items.forEach(item -> array.add(json.apply(item)));
    return array;
  }

  private static void addIfKnown(JsonObject json, String name, @Nullable String value) {
    if (value != null) {
      json.addProperty(name, value);
    }
  }

  private static BigDecimal seconds(long nanos) {
    return BigDecimal.valueOf(nanos, 9);
  }

  // --- reading

  private static Report report(Fields report) {
    var parameters = new TreeMap<String, String>();
    var given = report.object("parameters");
    given.names().forEach(name -> parameters.put(name, given.text(name)));
    var machine = report.object("machine");
    return new Report(
        report.text("workload"),
        parameters,
        report.count("workers"),
        report.has("rate") ? report.number("rate").doubleValue() : 0,
        report.instant("at"),
        new Machine(machine.count("processors"), machine.text("jdk"), machine.text("system")),
        report.flag("complete"),
        report.array("points", ReportJson::point));
  }

  private static Point point(Fields point) {
    return new Point(
        point.textOrNull("swept"),
        point.textOrNull("value"),
        point.has("jobs") ? profile(point.object("jobs")) : null,
        point.array("models", ReportJson::result),
        point.array("findings", ReportJson::finding),
        Map.of());
  }

  private static JobProfile profile(Fields jobs) {
    return new JobProfile(
        jobs.count("count"),
        jobs.number("waiting").doubleValue(),
        jobs.nanos("median_seconds"),
        jobs.nanos("longest_seconds"),
        jobs.nanos("total_seconds"),
        jobs.whole("bytes"));
  }

  private static ModelResult result(Fields model) {
    return new ModelResult(
        model.oneOf("model", Model.values(), Model::id),
        model.nanos("start_up_seconds"),
        model.count("warm_ups"),
        model.flag("steady"),
        model.array("repetitions", ReportJson::repetition));
  }

  private static Repetition repetition(Fields repetition) {
    return new Repetition(
        repetition.nanos("wall_seconds"),
        repetition.nanos("processor_seconds"),
        repetition.nanos("p50_seconds"),
        repetition.nanos("p99_seconds"),
        repetition.nanos("max_seconds"),
        repetition.count("threads"),
        repetition.whole("memory_bytes"));
  }

  private static Finding finding(Fields finding) {
    return new Finding(
        finding.oneOf("model", Model.values(), Model::id),
        finding.oneOf("kind", Finding.Kind.values(), Finding.Kind::id),
        finding.text("text"),
        finding.textOrNull("at"));
  }

  /** The fields of an object, and where that is: {@code points[0].models[2]}. */
  private record Fields(JsonObject object, String path) {
    private String path(String name) {
      return path.isEmpty() ? name : path + "." + name;
    }

    private IllegalArgumentException isNot(String name, String what) {
      return new IllegalArgumentException(
          has(name)
              ? "is damaged: %s is not %s".formatted(path(name), what)
              : "is damaged: %s is missing".formatted(path(name)));
    }

    boolean has(String name) {
      return object.has(name);
    }

    List<String> names() {
      return List.copyOf(object.keySet());
    }

    @Nullable String textOrNull(String name) {
      return has(name) ? text(name) : null;
    }

    String text(String name) {
      if (object.get(name) instanceof JsonPrimitive value && value.isString()) {
        return value.getAsString();
      }
      throw isNot(name, "a text");
    }

    boolean flag(String name) {
      if (object.get(name) instanceof JsonPrimitive value && value.isBoolean()) {
        return value.getAsBoolean();
      }
      throw isNot(name, "true or false");
    }

    BigDecimal number(String name) {
      try {
        if (object.get(name) instanceof JsonPrimitive value && value.isNumber()) {
          return value.getAsBigDecimal();
        }
      } catch (NumberFormatException _) {
        // said below
      }
      throw isNot(name, "a number");
    }

    int count(String name) {
      try {
        return number(name).intValueExact();
      } catch (ArithmeticException _) {
        throw isNot(name, "a whole number");
      }
    }

    long whole(String name) {
      try {
        return number(name).longValueExact();
      } catch (ArithmeticException _) {
        throw isNot(name, "a whole number");
      }
    }

    long nanos(String name) {
      try {
        return number(name).movePointRight(9).setScale(0, RoundingMode.HALF_UP).longValueExact();
      } catch (ArithmeticException _) {
        throw isNot(name, "a time in seconds");
      }
    }

    Instant instant(String name) {
      try {
        return Instant.parse(text(name));
      } catch (DateTimeException _) {
        throw isNot(name, "a time such as 2026-01-31T12:00:00Z");
      }
    }

    <E> E oneOf(String name, E[] values, Function<E, String> id) {
      var text = text(name);
      for (var value : values) {
        if (id.apply(value).equals(text)) {
          return value;
        }
      }
      throw isNot(name, "one that this Segue knows: '" + text + "'");
    }

    Fields object(String name) {
      if (object.get(name) instanceof JsonObject value) {
        return new Fields(value, path(name));
      }
      throw isNot(name, "an object");
    }

    <T> List<T> array(String name, Function<Fields, T> item) {
      if (!(object.get(name) instanceof JsonArray values)) {
        throw isNot(name, "an array");
      }
      var items = new ArrayList<T>();
      for (var value : values) {
        var at = path(name) + "[" + items.size() + "]";
        if (!(value instanceof JsonObject fields)) {
          throw new IllegalArgumentException("is damaged: " + at + " is not an object");
        }
        items.add(item.apply(new Fields(fields, at)));
      }
      return items;
    }
  }
}

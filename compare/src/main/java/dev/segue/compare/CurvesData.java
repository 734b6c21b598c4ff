package dev.segue.compare;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

/** The curves as comparison.js reads them. Times are in nanoseconds. */
final class CurvesData {
  private CurvesData() {}

  static JsonObject of(Curves curves) {
    var axis = curves.axis();
    var json = new JsonObject();
    json.addProperty("name", axis.name());
    json.addProperty("kind", axis.kind().name());
    json.addProperty("logarithmic", axis.isLogarithmic());
    var values = new JsonArray();
    axis.values().forEach(values::add);
    json.add("values", values);
    var texts = new JsonArray();
    axis.texts().forEach(texts::add);
    json.add("texts", texts);
    var models = new JsonArray();
    for (var model : Model.values()) {
      if (curves.facts().stream().anyMatch(facts -> facts.of(model).isPresent())) {
        models.add(model(curves, model));
      }
    }
    json.add("models", models);
    var crossovers = new JsonArray();
    for (var crossover : curves.crossovers()) {
      var cross = new JsonObject();
      cross.addProperty("at", crossover.at().median());
      cross.addProperty("low", crossover.at().low());
      cross.addProperty("high", crossover.at().high());
      cross.addProperty("before", crossover.before().id());
      cross.addProperty("after", crossover.after().id());
      cross.addProperty("text", axis.about(crossover.at().median()));
      crossovers.add(cross);
    }
    json.add("crossovers", crossovers);
    return json;
  }

  private static JsonObject model(Curves curves, Model model) {
    var json = new JsonObject();
    json.addProperty("id", model.id());
    json.addProperty("title", model.title());
    var medians = new JsonArray();
    var lows = new JsonArray();
    var highs = new JsonArray();
    for (var facts : curves.facts()) {
      var wall = facts.of(model).map(Facts.Ranked::wall).orElse(null);
      if (wall == null) {
        medians.add(JsonNull.INSTANCE);
        lows.add(JsonNull.INSTANCE);
        highs.add(JsonNull.INSTANCE);
      } else {
        medians.add(wall.median());
        lows.add(wall.low());
        highs.add(wall.high());
      }
    }
    json.add("medians", medians);
    json.add("lows", lows);
    json.add("highs", highs);
    return json;
  }
}

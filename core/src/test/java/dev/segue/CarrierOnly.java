package dev.segue;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test of something that only the carrier engine does, not run on the portable one. The documents
 * list these differences, see {@link EngineDifferencesTest}.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CarrierOnly.OnTheCarrierEngine.class)
public @interface CarrierOnly {
  /** What is different. */
  Difference value();

  /** Skips the test elsewhere. */
  final class OnTheCarrierEngine implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return AnnotationSupport.findAnnotation(context.getElement(), CarrierOnly.class)
          .filter(_ -> System.getProperty("segue.engine", "carrier").equals("portable"))
          .map(only -> ConditionEvaluationResult.disabled(only.value().portable()))
          .orElse(ConditionEvaluationResult.enabled("on the carrier engine"));
    }
  }
}

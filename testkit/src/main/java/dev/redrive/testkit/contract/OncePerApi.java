package dev.redrive.testkit.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test of failed requests, which does not depend on the server's behaviour: see {@link
 * VariantOf}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OncePerApi.Condition.class)
@interface OncePerApi {
  /** Leaves such tests out for a variant. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      VariantOf variant = context.getRequiredTestClass().getDeclaredAnnotation(VariantOf.class);
      return variant == null
          ? ConditionEvaluationResult.enabled("the whole contract")
          : ConditionEvaluationResult.disabled("run by " + variant.value().getSimpleName());
    }
  }
}

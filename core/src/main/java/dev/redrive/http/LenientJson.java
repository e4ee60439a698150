package dev.redrive.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.CollectionType;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value of an unexpected type as null, so that one odd field does not lose its row, and one
 * odd row does not lose its page. A wire record checks in its constructor the fields that it
 * requires. If one is missing, the record itself is read as null; if that is the whole response,
 * reading fails.
 */
final class LenientJson {
  private static final int MOST_DIGITS = 40;

  private LenientJson() {}

  static SimpleModule module() {
    return new SimpleModule()
        .addDeserializer(String.class, new Text())
        .addDeserializer(Boolean.class, new Flag())
        .addDeserializer(Integer.class, new IntNumber())
        .addDeserializer(Long.class, new LongNumber())
        .setDeserializerModifier(new NestedValues());
  }

  private static final class NestedValues extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    /** Otherwise Jackson buffers the values of unknown fields until it has created the record. */
    @Override
    public BeanDeserializerBuilder updateBuilder(
        DeserializationConfig config, BeanDescription bean, BeanDeserializerBuilder builder) {
      builder.setIgnoreUnknownProperties(true);
      return builder;
    }

    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
      return deserializer instanceof BeanDeserializerBase ? new Nested(deserializer) : deserializer;
    }

    @Override
    public JsonDeserializer<?> modifyCollectionDeserializer(
        DeserializationConfig config,
        CollectionType type,
        BeanDescription bean,
        JsonDeserializer<?> deserializer) {
      return new Nested(deserializer);
    }
  }

  /** Reads a nested object or array as null if it is not readable. The root must be readable. */
  private static final class Nested extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    Nested(JsonDeserializer<?> delegate) {
      super(delegate);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
      return new Nested(delegate);
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonStreamContext inside = parser.getParsingContext();
      JsonStreamContext outside =
          parser.currentToken().isStructStart() ? inside.getParent() : inside;
      if (outside.inRoot()) {
        return super.deserialize(parser, context);
      }
      try {
        return super.deserialize(parser, context);
      } catch (JsonMappingException e) {
        if (isBrokenJson(e)) {
          throw e;
        }
        while (parser.getParsingContext() != outside && parser.nextToken() != null) {
          parser.skipChildren();
        }
        return null;
      }
    }

    private static boolean isBrokenJson(Throwable failure) {
      for (Throwable each = failure; each != null; each = each.getCause()) {
        if (each instanceof StreamReadException) {
          return true;
        }
      }
      return false;
    }
  }

  private abstract static class Scalar<T> extends JsonDeserializer<T> {
    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.currentToken().isScalarValue()) {
        return of(parser.getText());
      }
      parser.skipChildren();
      return null;
    }

    abstract @Nullable T of(String text);
  }

  private static final class Text extends Scalar<String> {
    @Override
    String of(String text) {
      return text;
    }
  }

  private static final class Flag extends Scalar<Boolean> {
    @Override
    @Nullable Boolean of(String text) {
      return switch (text) {
        case "true", "True", "TRUE", "1" -> true;
        case "false", "False", "FALSE", "0" -> false;
        default -> null;
      };
    }
  }

  private static final class IntNumber extends Scalar<Integer> {
    @Override
    @Nullable Integer of(String text) {
      Long number = whole(text);
      return number == null || number != number.intValue() ? null : number.intValue();
    }
  }

  private static final class LongNumber extends Scalar<Long> {
    @Override
    @Nullable Long of(String text) {
      return whole(text);
    }
  }

  /** Reads a whole number, also if written as {@code "200"}, {@code 200.0} or {@code 2e2}. */
  private static @Nullable Long whole(String text) {
    if (text.isEmpty() || text.length() > MOST_DIGITS) {
      return null;
    }
    try {
      return new BigDecimal(text).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }
}

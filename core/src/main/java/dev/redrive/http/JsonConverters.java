package dev.redrive.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.JsonText;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Converter;
import retrofit2.Retrofit;
import retrofit2.converter.jackson.JacksonConverterFactory;

/**
 * Converts request and response bodies. Requests use Retrofit's Jackson converter. Responses are
 * read from one byte array, so that {@link Recorded} can copy a record's JSON from it verbatim
 * instead of writing it again.
 */
final class JsonConverters extends Converter.Factory {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(LenientJson.module().addDeserializer(Recorded.class, new RecordedReader(null)))
          .build();

  private final Converter.Factory requests = JacksonConverterFactory.create(MAPPER);

  /** Reads an error response; null if it is not JSON of that shape. */
  static <E extends ErrorBody> @Nullable E readError(byte[] body, Class<E> type) {
    try {
      return MAPPER.readValue(body, type);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public Converter<ResponseBody, ?> responseBodyConverter(
      Type type, Annotation[] annotations, Retrofit retrofit) {
    if (type == NoBody.class) {
      return JsonConverters::noBody;
    }
    ObjectReader reader = MAPPER.readerFor(MAPPER.constructType(type));
    return body -> {
      byte[] bytes = body.bytes();
      if (bytes.length == 0) {
        return null;
      }
      try {
        return reader.withAttribute(JsonConverters.class, bytes).readValue(bytes);
      } catch (JacksonException e) {
        throw new Unreadable(e);
      }
    };
  }

  private static NoBody noBody(ResponseBody body) throws IOException {
    byte[] bytes = body.bytes();
    if (bytes.length == 0) {
      return NoBody.NO_BODY;
    }
    try {
      if (MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(bytes)
          instanceof ObjectNode) {
        return NoBody.NO_BODY;
      }
    } catch (JacksonException e) {
      throw new Unreadable(e);
    }
    throw new Unreadable("the response is neither empty nor a JSON object");
  }

  @Override
  public @Nullable Converter<?, RequestBody> requestBodyConverter(
      Type type, Annotation[] parameters, Annotation[] method, Retrofit retrofit) {
    return requests.requestBodyConverter(type, parameters, method, retrofit);
  }

  /** The response is not JSON of the expected shape. Names the position, never the content. */
  static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }

    Unreadable(JacksonException cause) {
      this(
          cause.getLocation() == null
              ? "the response is not the JSON that this API returns"
              : "the response is not the JSON that this API returns, at byte "
                  + cause.getLocation().getByteOffset());
    }
  }

  private static final class RecordedReader extends JsonDeserializer<Recorded<?>>
      implements ContextualDeserializer {
    private final @Nullable JsonDeserializer<Object> values;

    RecordedReader(@Nullable JsonDeserializer<Object> values) {
      this.values = values;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property)
        throws JsonMappingException {
      JavaType value = context.getContextualType().containedType(0);
      return new RecordedReader(context.findContextualValueDeserializer(value, property));
    }

    @Override
    public @Nullable Recorded<?> deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (values == null) {
        throw new IllegalStateException("Recorded needs its type argument");
      }
      byte[] source = (byte[]) context.getAttribute(JsonConverters.class);
      long start = parser.currentTokenLocation().getByteOffset();
      Object value = values.deserialize(parser, context);
      if (value == null) {
        return null;
      }
      long end = parser.currentLocation().getByteOffset();
      return new Recorded<>(value, JsonText.slice(source, (int) start, (int) end));
    }
  }
}

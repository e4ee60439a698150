package dev.redrive.http;

import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.CallAdapter;
import retrofit2.Converter;
import retrofit2.Retrofit;

/**
 * Lets a Retrofit interface declare by its return type whether a request is a {@link Read} or a
 * {@link Send}. OkHttp's threads read the whole response, and the caller's thread parses it. So
 * OkHttp needs only as many threads as there may be requests in flight.
 */
final class CallAdapters extends CallAdapter.Factory {
  private final Calls calls;

  CallAdapters(Calls calls) {
    this.calls = calls;
  }

  @Override
  public @Nullable CallAdapter<?, ?> get(
      Type returnType, Annotation[] annotations, Retrofit retrofit) {
    if (getRawType(returnType) == Read.class) {
      Converter<ResponseBody, Object> json = json(returnType, annotations, retrofit);
      return adapter(call -> calls.reading(call, json));
    }
    if (getRawType(returnType) == Send.class) {
      Converter<ResponseBody, Object> json = json(returnType, annotations, retrofit);
      return adapter(call -> (Send<Object>) () -> calls.send(call, json));
    }
    return null;
  }

  private static Converter<ResponseBody, Object> json(
      Type returnType, Annotation[] annotations, Retrofit retrofit) {
    Type body = getParameterUpperBound(0, (ParameterizedType) returnType);
    return retrofit.responseBodyConverter(body, annotations);
  }

  private interface Adapting<A> {
    A adapt(Call<ResponseBody> call);
  }

  private static <A> CallAdapter<ResponseBody, A> adapter(Adapting<A> adapting) {
    return new CallAdapter<>() {
      @Override
      public Type responseType() {
        return ResponseBody.class;
      }

      @Override
      public A adapt(Call<ResponseBody> call) {
        return adapting.adapt(call);
      }
    };
  }
}

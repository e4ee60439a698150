package dev.redrive.http;

import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.CallAdapter;
import retrofit2.Retrofit;

/**
 * Lets a Retrofit interface say by its return type whether a request is a read or goes out once.
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
      return adapter(returnType, calls::reading);
    }
    if (getRawType(returnType) == Send.class) {
      return adapter(returnType, call -> (Send<Object>) () -> calls.send(call));
    }
    return null;
  }

  private interface Adapting<A> {
    A adapt(Call<Object> call);
  }

  private static <A> CallAdapter<Object, A> adapter(Type returnType, Adapting<A> adapting) {
    Type body = getParameterUpperBound(0, (ParameterizedType) returnType);
    return new CallAdapter<>() {
      @Override
      public Type responseType() {
        return body;
      }

      @Override
      public A adapt(Call<Object> call) {
        return adapting.adapt(call);
      }
    };
  }
}

package dev.redrive.http;

import java.util.Objects;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;

/** The key that one request carries. It is a tag of the request. */
final class CarriedKey {
  private volatile ApiKey.@Nullable Value value;

  static CarriedKey of(Call<?> call) {
    return of(call.request());
  }

  static CarriedKey of(Request request) {
    return Objects.requireNonNull(request.tag(CarriedKey.class));
  }

  void take(ApiKey key) throws ApiKey.Unfit {
    value = key.next();
  }

  /** Reports that this key was refused. Returns whether there is another key now. */
  boolean renew(ApiKey key) {
    ApiKey.Value refused = value;
    return refused != null && key.renew(refused);
  }

  void addTo(Request.Builder request) {
    ApiKey.Value taken = value;
    if (taken != null) {
      request.header(taken.header(), taken.text().reveal());
    }
  }
}

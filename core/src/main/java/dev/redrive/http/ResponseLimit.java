package dev.redrive.http;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Refuses responses that are larger than a limit, counted after decompression. When a response has
 * arrived in full, its permit is given back, so that the next request may be sent while the
 * response is parsed.
 */
final class ResponseLimit implements Interceptor {
  private final long mostBytes;

  ResponseLimit(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    SendGuard guard = chain.request().tag(SendGuard.class);
    Runnable arrived = guard == null ? () -> {} : guard::leave;
    return response.newBuilder().body(new Limited(response.body(), mostBytes, arrived)).build();
  }

  /** The response is larger than the limit. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long mostBytes) {
      super("the response is larger than " + mostBytes + " bytes (maxResponseBytes)");
    }
  }

  private static final class Limited extends ResponseBody {
    private final ResponseBody body;
    private final BufferedSource source;

    Limited(ResponseBody body, long mostBytes, Runnable arrived) {
      this.body = body;
      this.source =
          Okio.buffer(
              new ForwardingSource(body.source()) {
                private long count;

                @Override
                public long read(Buffer sink, long byteCount) throws IOException {
                  long read = super.read(sink, byteCount);
                  if (read < 0) {
                    arrived.run();
                    return read;
                  }
                  count += read;
                  if (count > mostBytes) {
                    throw new TooLarge(mostBytes);
                  }
                  return read;
                }
              });
    }

    @Override
    public @Nullable MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() {
      return body.contentLength();
    }

    @Override
    public BufferedSource source() {
      return source;
    }
  }
}

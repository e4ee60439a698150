package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import retrofit2.http.GET;
import retrofit2.http.Path;

class PlacesTest extends HttpTest {
  private static final CountDownLatch UNDERSTANDING = new CountDownLatch(1);
  private static final CountDownLatch SECOND_ARRIVED = new CountDownLatch(1);

  interface Api {
    @GET("items/{id}")
    Read<Item> readItem(@Path("id") String id);
  }

  /** The first of them is understood only after the second request has arrived. */
  record Item(String id, boolean cameBeside) {
    Item {
      if (id.equals("1")) {
        UNDERSTANDING.countDown();
        cameBeside = await(SECOND_ARRIVED);
      }
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void place_whenTheAnswerIsIn_isFreeThoughItIsNotUnderstoodYet() throws Exception {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            boolean isSecond = request.getUrl().encodedPath().endsWith("2");
            if (isSecond) {
              SECOND_ARRIVED.countDown();
            }
            return json(isSecond ? "{\"id\":\"2\"}" : "{\"id\":\"1\"}");
          }
        });
    Api api = client(settings -> settings.concurrency(1)).http.create(Api.class);
    var pool = Executors.newSingleThreadExecutor();
    closing(pool::shutdownNow);
    Future<Item> first = pool.submit(() -> api.readItem("1").get());
    assertThat(await(UNDERSTANDING)).isTrue();

    Item second = api.readItem("2").get();

    assertThat(second.id()).isEqualTo("2");
    assertThat(first.get(20, TimeUnit.SECONDS).cameBeside()).isTrue();
    assertThat(requests()).isEqualTo(2);
  }
}

package dev.redrive.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server that answers what a test queues, and clients of it. */
abstract class HttpTest {
  static final SocketEffect CLOSE = new SocketEffect.CloseSocket();
  static final SocketEffect STALL = SocketEffect.Stall.INSTANCE;

  final ManualTime time = new ManualTime();
  final MockWebServer server = new MockWebServer();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @BeforeEach
  void startServer() throws IOException {
    server.setServerSocketFactory(new NoDelay());
    server.start(InetAddress.getByName("127.0.0.1"), 0);
  }

  @AfterEach
  void closeAll() throws Exception {
    Thread.interrupted();
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    server.close();
  }

  TestClient client() {
    return client(settings -> {});
  }

  TestClient client(Consumer<TestClient.Builder> more) {
    var builder =
        new TestClient.Builder()
            .baseUrl("http://127.0.0.1:" + server.getPort() + "/api")
            .apiKey(TestClient.KEY)
            .timeSource(time);
    more.accept(builder);
    return closing(builder.build());
  }

  <C extends AutoCloseable> C closing(C closeable) {
    opened.push(closeable);
    return closeable;
  }

  static MockResponse.Builder status(int status) {
    return new MockResponse.Builder().code(status);
  }

  static MockResponse json(String body) {
    return status(200).addHeader("Content-Type", "application/json").body(body).build();
  }

  static MockResponse item() {
    return json("{\"id\":\"1\"}");
  }

  static MockResponse done() {
    return json("{\"success\":true}");
  }

  void enqueue(MockResponse... responses) {
    for (MockResponse response : responses) {
      server.enqueue(response);
    }
  }

  /** How many requests the server has read. */
  int requests() {
    return server.getRequestCount();
  }

  /** The server writes head and body apart: with Nagle's algorithm each answer takes 40 ms. */
  private static final class NoDelay extends ServerSocketFactory {
    @Override
    public ServerSocket createServerSocket() throws IOException {
      return new ServerSocket() {
        @Override
        public Socket accept() throws IOException {
          Socket socket = super.accept();
          socket.setTcpNoDelay(true);
          return socket;
        }
      };
    }

    @Override
    public ServerSocket createServerSocket(int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
      throw new UnsupportedOperationException();
    }
  }
}

package dev.redrive.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that says what a test wants, HTTP or not; one connection at a time. */
final class RawServer implements AutoCloseable {
  interface Talk {
    void with(RawServer server, Socket socket) throws IOException;
  }

  private final ServerSocket server = new ServerSocket();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  RawServer(Talk talk) throws IOException {
    server.bind(new InetSocketAddress("127.0.0.1", 0));
    var thread = new Thread(() -> serve(talk), "raw server");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Talk talk) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        connections.incrementAndGet();
        talk.with(this, socket);
      } catch (IOException e) {
        // On to the next connection.
      }
    }
  }

  void readRequest(Socket socket) throws IOException {
    var in = socket.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("no request");
      }
      head.append((char) c);
    }
    requests.incrementAndGet();
  }

  void answer(Socket socket, String text) throws IOException {
    readRequest(socket);
    say(socket, text);
  }

  void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  String url(String scheme) {
    return scheme + "://127.0.0.1:" + server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  /** How many requests were read to the end of their head. */
  int requests() {
    return requests.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

package dev.redrive.ledger.jdbc;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between a ledger and its server, and breaks connections when a COMMIT goes by. It reads as
 * much of the protocol as that takes.
 */
final class PostgresProxy implements AutoCloseable {
  /** What becomes of the next COMMIT. */
  enum Next {
    PASSES,
    /** It gets to the server, whose answer is lost with the connection. */
    IS_NOT_CONFIRMED,
    /** It is lost with both ends of the connection. */
    IS_LOST,
    /** The connection breaks, and it gets to the server only when {@link #deliver} says so. */
    IS_LATE
  }

  private static final int STARTUP = 196_608;

  private final ServerSocket entrance;
  private volatile int serverPort;
  private final AtomicReference<Next> next = new AtomicReference<>(Next.PASSES);
  private final ConcurrentLinkedQueue<Link> links = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Link> late = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean refuses;
  private volatile boolean refusesAfterCommit;

  PostgresProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable work) {
    var thread = new Thread(work, "postgres-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** The server has another port from now on. */
  void to(int port) {
    serverPort = port;
  }

  /** Connections that clients made so far. */
  int accepted() {
    return accepted.get();
  }

  void nextCommit(Next what) {
    next.set(what);
  }

  /** Whether new connections break at once. */
  void refuse(boolean isDown) {
    refuses = isDown;
  }

  /** With the next COMMIT all other connections break, and from then on new ones do at once. */
  void refuseFromNextCommitOn() {
    refusesAfterCommit = true;
  }

  /** Breaks all connections. */
  void cut() {
    links.forEach(Link::cut);
  }

  /** Gives the server the COMMITs that are late, and waits for its answers. */
  void deliver() {
    for (Link link = late.poll(); link != null; link = late.poll()) {
      link.deliver();
    }
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        accepted.incrementAndGet();
        if (refuses) {
          client.close();
        } else {
          var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
          // Or each small message waits for the answer to the one before.
          client.setTcpNoDelay(true);
          server.setTcpNoDelay(true);
          var link = new Link(client, server);
          links.add(link);
          start(link::toServer);
          start(link::toClient);
        }
      } catch (IOException e) {
        // Closed, or the server is away: the client sees a broken connection.
      }
    }
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    cut();
  }

  private final class Link {
    private final Socket client;
    private final Socket server;
    private final Set<String> commits = new HashSet<>();
    private volatile boolean isMuted;
    private volatile boolean isLate;
    private byte[] lateCommit = new byte[0];

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void cut() {
      close(client);
      close(server);
    }

    private void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /** What the server says goes to the client, unless that has lost its connection. */
    void toClient() {
      try {
        InputStream in = server.getInputStream();
        var buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (isLate) {
            // The server is still to get the COMMIT, whatever it says meanwhile.
            continue;
          }
          if (isMuted) {
            cut();
            return;
          }
          client.getOutputStream().write(buffer, 0, read);
        }
        cut();
      } catch (IOException e) {
        if (!isMuted) {
          cut();
        }
      }
    }

    void toServer() {
      try {
        var in = new DataInputStream(client.getInputStream());
        OutputStream out = server.getOutputStream();
        boolean isStarted = false;
        while (true) {
          int type = isStarted ? in.read() : 0;
          if (type < 0) {
            break;
          }
          int length = in.readInt();
          byte[] body = in.readNBytes(length - 4);
          byte[] message =
              isStarted
                  ? ByteBuffer.allocate(1 + length)
                      .put((byte) type)
                      .putInt(length)
                      .put(body)
                      .array()
                  : ByteBuffer.allocate(length).putInt(length).put(body).array();
          if (!isStarted) {
            isStarted = ByteBuffer.wrap(body).getInt() == STARTUP;
          } else if (isCommit((char) type, body) && !passes(in, message)) {
            return;
          }
          out.write(message);
          out.flush();
        }
        cut();
      } catch (IOException e) {
        if (lateCommit.length == 0) {
          cut();
        }
      }
    }

    /** A statement is parsed under a name once, and executed by that name from then on. */
    private boolean isCommit(char type, byte[] body) {
      String[] texts = new String(body, StandardCharsets.ISO_8859_1).split("\0", 3);
      if (type == 'P') {
        boolean isCommit = texts[1].equals("COMMIT");
        if (isCommit) {
          commits.add(texts[0]);
        } else {
          commits.remove(texts[0]);
        }
        return false;
      }
      return (type == 'B' && commits.contains(texts[1]))
          || (type == 'Q' && texts[0].equals("COMMIT"));
    }

    private boolean passes(DataInputStream in, byte[] bind) throws IOException {
      if (refusesAfterCommit) {
        refusesAfterCommit = false;
        refuses = true;
        links.stream().filter(link -> link != this).forEach(Link::cut);
      }
      switch (next.getAndSet(Next.PASSES)) {
        case PASSES -> {
          return true;
        }
        case IS_NOT_CONFIRMED -> {
          isMuted = true;
          return true;
        }
        case IS_LOST -> cut();
        case IS_LATE -> {
          isLate = true;
          isMuted = true;
          byte[] rest = in.readNBytes(in.available());
          lateCommit = ByteBuffer.allocate(bind.length + rest.length).put(bind).put(rest).array();
          late.add(this);
          close(client);
        }
      }
      return false;
    }

    void deliver() {
      try {
        server.getOutputStream().write(lateCommit);
        server.getOutputStream().flush();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

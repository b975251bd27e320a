import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An HTTPS server on both loopback addresses that says who its client is. */
final class Server {
  private final List<SSLServerSocket> sockets = new ArrayList<>();

  Server(SSLContext context, String[] versions, String clientAuth, int port) throws IOException {
    listen(context, versions, clientAuth, InetAddress.getByName("127.0.0.1"), port);
    try {
      listen(context, versions, clientAuth, InetAddress.getByName("::1"), port());
    } catch (IOException noIpv6) {
      return;
    }
  }

  int port() {
    return sockets.get(0).getLocalPort();
  }

  void close() throws IOException {
    for (SSLServerSocket socket : sockets) {
      socket.close();
    }
  }

  private void listen(SSLContext context, String[] versions, String clientAuth, InetAddress address, int port)
      throws IOException {
    SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(port, 50, address);
    socket.setEnabledProtocols(versions);
    if ("required".equals(clientAuth)) {
      socket.setNeedClientAuth(true);
    } else if ("optional".equals(clientAuth)) {
      socket.setWantClientAuth(true);
    }
    sockets.add(socket);
    start(() -> accept(socket));
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private static void accept(SSLServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        SSLSocket connection = (SSLSocket) socket.accept();
        start(() -> answer(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void answer(SSLSocket accepted) {
    try (SSLSocket connection = accepted) {
      connection.setSoTimeout(Request.TIMEOUT);
      BufferedReader in =
          new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
        line = in.readLine();
      }
      byte[] body = Json.write(seen(connection)).getBytes(StandardCharsets.UTF_8);
      String head =
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      connection.getOutputStream().write(body);
      connection.getOutputStream().flush();
    } catch (IOException refused) {
      // The client learns of a refusal by its own error.
    }
  }

  private static Map<String, Object> seen(SSLSocket connection) {
    Map<String, Object> seen = new LinkedHashMap<>();
    try {
      X509Certificate leaf = (X509Certificate) connection.getSession().getPeerCertificates()[0];
      seen.put("clientCertificate", true);
      seen.put("subject", leaf.getSubjectX500Principal().getName());
    } catch (SSLPeerUnverifiedException anonymous) {
      seen.put("clientCertificate", false);
      seen.put("subject", null);
    }
    return seen;
  }
}

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** An HTTPS client that checks the server's name as HTTPS does (RFC 2818). */
final class Client {
  static Map<String, Object> connect(Request request) throws Exception {
    SSLContext context = Contexts.of(request, request.texts("cas"));
    String name = request.text("serverName");
    int port = request.number("port").intValue();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress("127.0.0.1", port), Request.TIMEOUT);
      try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true)) {
        socket.setSoTimeout(Request.TIMEOUT);
        socket.setEnabledProtocols(request.versions());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return get(socket, name);
      }
    }
  }

  /** Under TLS 1.3 a client learns of a refusal only when it reads. */
  private static Map<String, Object> get(SSLSocket socket, String name) throws IOException {
    String get = "GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(get.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    InputStream in = socket.getInputStream();
    String status = line(in);
    if (!status.matches("HTTP/1\\.[01] 200 .*")) {
      throw new IOException("no answer: " + status);
    }
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).trim());
      }
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    Map<String, Object> seen = new LinkedHashMap<>(Json.object(body));
    seen.put("protocol", socket.getSession().getProtocol());
    return seen;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection ended");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }
}

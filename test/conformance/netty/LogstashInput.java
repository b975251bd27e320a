import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The `elastic_agent` input of Logstash as far as TLS and lumberjack: its settings read from an emitted pipeline. */
public final class LogstashInput {
  private final Map<String, LumberjackServer> servers = new ConcurrentHashMap<>();
  private final AtomicInteger handles = new AtomicInteger();

  public static void main(String[] arguments) throws Exception {
    Answering.run(new LogstashInput()::perform);
  }

  private Map<String, Object> perform(Request request) throws Exception {
    switch (request.text("op")) {
      case "capabilities":
        return capabilities();
      case "serve":
        Pipeline pipeline = new Pipeline(Path.of(request.text("pipeline")), request.map("directories"));
        LumberjackServer server = new LumberjackServer(context(pipeline));
        String handle = Integer.toString(handles.incrementAndGet());
        servers.put(handle, server);
        return Map.of("port", server.port(), "server", handle);
      case "close":
        servers.remove(request.text("server")).close();
        return Map.of();
      default:
        throw new IllegalArgumentException("unknown op " + request.text("op"));
    }
  }

  /**
   * The context that logstash-input-beats 7.0.9 asks Netty for (lib/logstash/inputs/beats.rb, new_ssl_context_builder):
   * the key by Netty's own reader, TLS 1.2 and 1.3, the authorities by the JDK's certificate factory.
   */
  private static SslContext context(Pipeline pipeline) throws Exception {
    if (!pipeline.isOn("ssl_enabled")) {
      throw new IllegalArgumentException("the input is not encrypted");
    }
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                new File(pipeline.text("ssl_certificate")), new File(pipeline.text("ssl_key")), null)
            .protocols("TLSv1.2", "TLSv1.3");
    ClientAuth clients = clients(pipeline.text("ssl_client_authentication"));
    if (clients != ClientAuth.NONE) {
      List<X509Certificate> authorities = new ArrayList<>();
      for (String file : pipeline.texts("ssl_certificate_authorities")) {
        try (InputStream in = new FileInputStream(file)) {
          for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
            authorities.add((X509Certificate) each);
          }
        }
      }
      if (authorities.isEmpty()) {
        throw new IllegalArgumentException("Certificate authorities are required to enable client authentication");
      }
      builder.clientAuth(clients).trustManager(authorities.toArray(X509Certificate[]::new));
    }
    return builder.build();
  }

  private static ClientAuth clients(String mode) {
    switch (mode.toLowerCase(Locale.ROOT)) {
      case "none":
        return ClientAuth.NONE;
      case "optional":
        return ClientAuth.OPTIONAL;
      case "required":
        return ClientAuth.REQUIRE;
      default:
        throw new IllegalArgumentException("Invalid `ssl_client_authentication` value " + mode);
    }
  }

  private static Map<String, Object> capabilities() {
    String jar = SslContextBuilder.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String version = jar.replaceFirst(".*netty-handler-(.*)\\.jar", "$1");
    Map<String, Object> capabilities = new LinkedHashMap<>();
    capabilities.put("versions", Map.of("netty-handler", version, "java", System.getProperty("java.runtime.version")));
    capabilities.put("roles", List.of("server"));
    capabilities.put("ops", List.of("serve", "close"));
    return capabilities;
  }
}

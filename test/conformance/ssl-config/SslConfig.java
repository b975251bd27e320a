import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.opensearch.common.ssl.SslConfiguration;
import org.opensearch.common.ssl.SslConfigurationLoader;

/** Elasticsearch's HTTP layer as far as TLS: its settings read by its own library, served by the JDK's TLS. */
public final class SslConfig {
  private final Servers servers = new Servers();

  public static void main(String[] arguments) throws Exception {
    Answering.run(new SslConfig()::perform);
  }

  private Map<String, Object> perform(Request request) throws Exception {
    switch (request.text("op")) {
      case "capabilities":
        return capabilities();
      case "serve":
        return servers.keep(serve(request));
      case "close":
        return servers.close(request.text("server"));
      default:
        throw new IllegalArgumentException("unknown op " + request.text("op"));
    }
  }

  private static Server serve(Request request) throws Exception {
    Map<String, Object> settings = request.map("settings");
    SslConfiguration configuration =
        settings == null
            ? HttpSsl.ofFiles(request).load(Path.of("/"))
            : new HttpSsl(settings, null).load(Path.of(request.text("configurationDirectory")));
    return new Server(
        configuration.createSslContext(),
        configuration.getSupportedProtocols().toArray(String[]::new),
        configuration.getClientAuth().name().toLowerCase(Locale.ROOT),
        request.port());
  }

  private static Map<String, Object> capabilities() {
    Map<String, Object> capabilities = new LinkedHashMap<>();
    String jar = SslConfigurationLoader.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String version = jar.replaceFirst(".*opensearch-ssl-config-(.*)\\.jar", "$1");
    String java = System.getProperty("java.runtime.version");
    capabilities.put("versions", Map.of("opensearch-ssl-config", version, "java", java));
    capabilities.put("roles", List.of("server"));
    capabilities.put("ops", List.of("serve", "close"));
    capabilities.put("algorithms", List.of("ecdsa", "rsa"));
    // Elasticsearch's own has learned to read PBES2 since.
    capabilities.put("keys", List.of("pkcs8", "sec1", "pkcs1"));
    capabilities.put("oldest", "TLSv1");
    capabilities.put("optionalUnknown", "refused");
    capabilities.put("withholds", false);
    capabilities.put("reload", false);
    capabilities.put("verifies", List.of());
    capabilities.put("settings", true);
    return capabilities;
  }
}

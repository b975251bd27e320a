import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JDK's own TLS (JSSE) and PKIX, which Elasticsearch and Logstash run on. */
public final class Main {
  private final Servers servers = new Servers();

  public static void main(String[] arguments) throws Exception {
    Answering.run(new Main()::perform);
  }

  private Map<String, Object> perform(Request request) throws Exception {
    switch (request.text("op")) {
      case "capabilities":
        return capabilities();
      case "serve":
        return servers.keep(
            new Server(
                Contexts.of(request, request.texts("clientCas")),
                request.versions(),
                request.text("clientAuth"),
                request.port()));
      case "close":
        return servers.close(request.text("server"));
      case "connect":
        return Client.connect(request);
      case "verify":
        PathValidation.verify(request);
        return Map.of();
      default:
        throw new IllegalArgumentException("unknown op " + request.text("op"));
    }
  }

  private static Map<String, Object> capabilities() {
    Map<String, Object> capabilities = new LinkedHashMap<>();
    capabilities.put("versions", Map.of("java", System.getProperty("java.runtime.version")));
    capabilities.put("roles", List.of("server", "client"));
    capabilities.put("ops", List.of("serve", "connect", "verify", "close"));
    capabilities.put("algorithms", List.of("ecdsa", "rsa", "ed25519"));
    capabilities.put("keys", List.of("pkcs8", "sec1", "pkcs1", "pkcs8-encrypted"));
    capabilities.put("oldest", "TLSv1");
    capabilities.put("optionalUnknown", "refused");
    // A key manager offers only a certificate that a listed authority signed.
    capabilities.put("withholds", true);
    capabilities.put("reload", false);
    capabilities.put("verifies", List.of("name", "time"));
    return capabilities;
  }
}

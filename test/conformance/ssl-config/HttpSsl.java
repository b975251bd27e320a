import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opensearch.common.ssl.SslConfigurationLoader;

/** Elasticsearch's settings of its HTTP layer, read by the library that Elasticsearch reads them with. */
final class HttpSsl extends SslConfigurationLoader {
  private static final String PREFIX = "xpack.security.http.ssl.";

  private final Map<String, Object> settings;
  private final String passphrase;

  /** @param passphrase what the keystore has under the name of a secure setting; null for none */
  HttpSsl(Map<String, Object> settings, String passphrase) {
    super(PREFIX);
    this.settings = settings;
    this.passphrase = passphrase;
    // Those of Elasticsearch since 8.0 (XPackSettings.DEFAULT_SUPPORTED_PROTOCOLS).
    setDefaultProtocols(List.of("TLSv1.3", "TLSv1.2"));
  }

  /** The settings that stand for a request's plain files. */
  static HttpSsl ofFiles(Request request) throws IOException {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(PREFIX + "certificate", request.text("certificate"));
    settings.put(PREFIX + "key", request.text("key"));
    String clientAuth = request.text("clientAuth");
    settings.put(PREFIX + "client_authentication", clientAuth == null ? "none" : clientAuth);
    if (!request.texts("clientCas").isEmpty()) {
      settings.put(PREFIX + "certificate_authorities", request.texts("clientCas"));
    }
    settings.put(PREFIX + "supported_protocols", List.of(request.versions()));
    String passphrase = request.text("passphrase");
    return new HttpSsl(settings, passphrase == null ? null : Files.readString(Path.of(passphrase)));
  }

  @Override
  protected String getSettingAsString(String name) {
    Object value = settings.get(name);
    return value == null ? null : value.toString();
  }

  @Override
  protected char[] getSecureSetting(String name) {
    return name.endsWith("secure_key_passphrase") && passphrase != null ? passphrase.toCharArray() : null;
  }

  @Override
  protected List<String> getSettingAsList(String name) {
    return settings.get(name) instanceof List<?> values ? values.stream().map(Object::toString).toList() : List.of();
  }
}

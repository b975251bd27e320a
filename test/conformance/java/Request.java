import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One request; a field that is absent or null is null here. */
record Request(Map<String, Object> fields) {
  private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

  /** Bounds every connection, handshake and read, in milliseconds. */
  static final int TIMEOUT = 120_000;

  Object id() {
    return fields.getOrDefault("id", 0);
  }

  String text(String name) {
    Object value = fields.get(name);
    return value == null ? null : value.toString();
  }

  Long number(String name) {
    Object value = fields.get(name);
    return value == null ? null : ((Number) value).longValue();
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> map(String name) {
    return (Map<String, Object>) fields.get(name);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    if (fields.get(name) instanceof List<?> values) {
      values.forEach(value -> texts.add(value.toString()));
    }
    return texts;
  }

  /** The port to listen on; 0 for any that is free. */
  int port() {
    return number("port") == null ? 0 : number("port").intValue();
  }

  /** The protocols between the two bounds, by default TLS 1.2 and 1.3. */
  String[] versions() {
    int highest = fields.get("maxVersion") == null ? 3 : index(text("maxVersion"));
    int lowest = fields.get("minVersion") == null ? Math.min(2, highest) : index(text("minVersion"));
    return VERSIONS.subList(lowest, highest + 1).toArray(String[]::new);
  }

  private static int index(String version) {
    int index = VERSIONS.indexOf(version);
    if (index < 0) {
      throw new IllegalArgumentException("unknown protocol version " + version);
    }
    return index;
  }
}

import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.AppInfoParser;

/** Real Kafka brokers in this process, each with emitted settings. */
public final class KafkaNode {
  /** How often other ports are tried where somebody else took one in the meantime. */
  private static final int ATTEMPTS = 5;

  private final Map<String, Broker> brokers = new ConcurrentHashMap<>();
  private final AtomicInteger handles = new AtomicInteger();

  public static void main(String[] arguments) throws Exception {
    Answering.run(new KafkaNode()::perform);
  }

  private Map<String, Object> perform(Request request) throws Exception {
    switch (request.text("op")) {
      case "capabilities":
        return capabilities();
      case "serve":
        Broker broker = start(request);
        String handle = Integer.toString(handles.incrementAndGet());
        brokers.put(handle, broker);
        return Map.of("port", broker.port(), "server", handle);
      case "set-store-paths":
        brokers.get(request.text("server")).setStorePaths();
        return Map.of();
      case "close":
        brokers.remove(request.text("server")).close();
        return Map.of();
      default:
        throw new IllegalArgumentException("unknown op " + request.text("op"));
    }
  }

  private static Broker start(Request request) throws Exception {
    Map<String, Object> further = request.map("further") == null ? Map.of() : request.map("further");
    for (int attempt = 1; ; attempt++) {
      Path folder = Files.createTempDirectory(Path.of(request.text("folder")), "broker-");
      try {
        return new Broker(folder, request.text("properties"), request.map("directories"), further, request.text("topic"));
      } catch (Exception cause) {
        if (attempt == ATTEMPTS || !isTaken(cause)) {
          throw cause;
        }
      }
    }
  }

  private static boolean isTaken(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, Object> capabilities() {
    Map<String, Object> capabilities = new LinkedHashMap<>();
    String java = System.getProperty("java.runtime.version");
    capabilities.put("versions", Map.of("kafka", AppInfoParser.getVersion(), "java", java));
    capabilities.put("roles", List.of("server"));
    capabilities.put("ops", List.of("serve", "set-store-paths", "close"));
    return capabilities;
  }
}

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers one JSON request a line with the JDK's own TLS (JSSE) and PKIX, which Elasticsearch and Logstash run on. */
public final class Main {
  private final Map<String, Server> servers = new ConcurrentHashMap<>();
  private final AtomicInteger handles = new AtomicInteger();

  public static void main(String[] arguments) throws Exception {
    allowOldProtocols();
    Main validator = new Main();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ExecutorService pool = Executors.newCachedThreadPool();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String request = line;
      pool.execute(
          () -> {
            String answer = Json.write(validator.answer(request));
            synchronized (out) {
              out.println(answer);
            }
          });
    }
    pool.shutdown();
    pool.awaitTermination(10, TimeUnit.SECONDS);
    System.exit(0);
  }

  /** A client that cannot offer TLS 1.1 cannot show that a server refuses it; every socket still asks for 1.2 by default. */
  private static void allowOldProtocols() {
    String name = "jdk.tls.disabledAlgorithms";
    List<String> kept = new ArrayList<>();
    for (String algorithm : Security.getProperty(name).split(",")) {
      if (!algorithm.trim().matches("TLSv1(\\.1)?")) {
        kept.add(algorithm.trim());
      }
    }
    Security.setProperty(name, String.join(", ", kept));
  }

  private Map<String, Object> answer(String line) {
    Object id = 0;
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      Request request = new Request(Json.object(line));
      id = request.id();
      answer.putAll(perform(request));
      answer.put("ok", true);
    } catch (Throwable cause) {
      answer.clear();
      answer.put("ok", false);
      answer.put("error", describe(cause));
    }
    answer.put("id", id);
    return answer;
  }

  private Map<String, Object> perform(Request request) throws Exception {
    switch (request.text("op")) {
      case "capabilities":
        return capabilities();
      case "serve":
        Server server = new Server(request);
        String handle = Integer.toString(handles.incrementAndGet());
        servers.put(handle, server);
        return Map.of("port", server.port(), "server", handle);
      case "close":
        Server closing = servers.remove(request.text("server"));
        if (closing == null) {
          throw new IllegalArgumentException("no server has the handle " + request.text("server"));
        }
        closing.close();
        return Map.of();
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

  private static String describe(Throwable cause) {
    StringBuilder text = new StringBuilder();
    for (Throwable each = cause; each != null; each = each.getCause()) {
      String message = each.getMessage() == null ? each.getClass().getSimpleName() : each.getMessage();
      if (text.indexOf(message) < 0) {
        text.append(text.length() == 0 ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }
}

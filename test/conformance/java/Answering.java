import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Answers one JSON request a line; a failing request is an answer, never the end of the process. */
final class Answering {
  /** What a validator does with a request. */
  interface Performer {
    Map<String, Object> perform(Request request) throws Exception;
  }

  static void run(Performer performer) throws IOException, InterruptedException {
    allowOldProtocols();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ExecutorService pool = Executors.newCachedThreadPool();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String request = line;
      pool.execute(
          () -> {
            String answer = Json.write(answer(performer, request));
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

  private static Map<String, Object> answer(Performer performer, String line) {
    Object id = 0;
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      Request request = new Request(Json.object(line));
      id = request.id();
      answer.putAll(performer.perform(request));
      answer.put("ok", true);
    } catch (Throwable cause) {
      answer.clear();
      answer.put("ok", false);
      answer.put("error", describe(cause));
    }
    answer.put("id", id);
    return answer;
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

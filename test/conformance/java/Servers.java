import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers that outlive the request which started them, each under a handle. */
final class Servers {
  private final Map<String, Server> servers = new ConcurrentHashMap<>();
  private final AtomicInteger handles = new AtomicInteger();

  Map<String, Object> keep(Server server) {
    String handle = Integer.toString(handles.incrementAndGet());
    servers.put(handle, server);
    return Map.of("port", server.port(), "server", handle);
  }

  Map<String, Object> close(String handle) throws IOException {
    Server closing = servers.remove(handle);
    if (closing == null) {
      throw new IllegalArgumentException("no server has the handle " + handle);
    }
    closing.close();
    return Map.of();
  }
}

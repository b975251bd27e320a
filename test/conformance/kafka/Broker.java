import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * One Kafka node in KRaft mode with the emitted settings: of these, only host directories and the ports to listen on are
 * replaced. It is broker and controller, with a listener `CONTROLLER` and one `INTERNAL` in addition to the emitted one.
 */
final class Broker {
  private final KafkaRaftServer server;
  private final int port;
  private final String internal;
  private final String storePaths;

  Broker(Path folder, String emitted, Map<String, Object> directories, Map<String, Object> further, String topic)
      throws Exception {
    Properties properties = new Properties();
    properties.load(new StringReader(emitted));
    properties.replaceAll((name, value) -> local(value.toString(), directories));
    int[] ports = freePorts(3);
    port = ports[0];
    internal = "127.0.0.1:" + ports[2];
    storePaths =
        properties.stringPropertyNames().stream()
            .filter(name -> name.endsWith("store.location"))
            .map(name -> name + "=" + properties.getProperty(name))
            .collect(Collectors.joining(","));
    listenOn(properties, ports);
    properties.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "controller.listener.names", "CONTROLLER",
            "controller.quorum.voters", "1@127.0.0.1:" + ports[1],
            "inter.broker.listener.name", "INTERNAL",
            "log.dirs", folder.resolve("data").toString(),
            // The cleaner's buffer alone would be half of this process's memory.
            "log.cleaner.enable", "false",
            "offsets.topic.replication.factor", "1"));
    properties.putAll(further);
    format(folder, properties);
    server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    server.startup();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", internal))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  int port() {
    return port;
  }

  /** Sets the paths of the stores to what they are, with the class that `kafka-configs.sh` runs. */
  void setStorePaths() throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("java", "-cp", System.getProperty("java.class.path")));
    words.addAll(List.of("kafka.admin.ConfigCommand", "--bootstrap-server", internal));
    words.addAll(List.of("--alter", "--entity-type", "brokers", "--entity-name", "1", "--add-config", storePaths));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }

  void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  /** The listeners as they were emitted, in the order agents', controller, internal; each on a port that is free here. */
  private static void listenOn(Properties properties, int[] ports) {
    String[] listeners = properties.getProperty("listeners").split(",");
    for (int index = 0; index < listeners.length; index++) {
      String name = listeners[index].substring(0, listeners[index].indexOf("://"));
      listeners[index] = name + "://127.0.0.1:" + ports[index];
    }
    properties.setProperty("listeners", String.join(",", listeners));
    String advertised = properties.getProperty("advertised.listeners");
    properties.setProperty("advertised.listeners", advertised.replaceFirst("(INTERNAL://[^:]+:)\\d+", "$1" + ports[2]));
  }

  private static String local(String value, Map<String, Object> directories) {
    for (Map.Entry<String, Object> directory : directories.entrySet()) {
      value = value.replace("${dir:" + directory.getKey() + ":", "${dir:" + directory.getValue() + ":");
      if (value.startsWith(directory.getKey() + "/")) {
        return directory.getValue() + value.substring(directory.getKey().length());
      }
    }
    return value;
  }

  private static void format(Path folder, Properties properties) throws IOException {
    Path file = folder.resolve("server.properties");
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    String[] words = {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()};
    PrintStream said = new PrintStream(PrintStream.nullOutputStream());
    if (StorageTool.execute(words, said) != 0) {
      throw new IOException("the storage could not be formatted");
    }
  }

  private static int[] freePorts(int count) throws IOException {
    ServerSocket[] sockets = new ServerSocket[count];
    int[] ports = new int[count];
    for (int index = 0; index < count; index++) {
      sockets[index] = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
      ports[index] = sockets[index].getLocalPort();
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }
}

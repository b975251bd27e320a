import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of the `elastic_agent` input of a pipeline, by name; host directories are those of this machine. */
final class Pipeline {
  private static final Pattern INPUT = Pattern.compile("input \\{\\s*elastic_agent \\{(.*?)\\n  \\}", Pattern.DOTALL);
  private static final Pattern SETTING = Pattern.compile("^\\s*(\\w+) => (.+)$", Pattern.MULTILINE);
  private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"");

  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, Object> directories;

  Pipeline(Path file, Map<String, Object> directories) throws IOException {
    this.directories = directories;
    Matcher input = INPUT.matcher(Files.readString(file));
    if (!input.find()) {
      throw new IllegalArgumentException("the pipeline has no elastic_agent input");
    }
    SETTING.matcher(input.group(1)).results().forEach(each -> settings.put(each.group(1), each.group(2)));
  }

  boolean isOn(String name) {
    return "true".equals(settings.get(name));
  }

  /** A string; null where the setting is absent. */
  String text(String name) {
    List<String> texts = texts(name);
    return texts.isEmpty() ? null : texts.get(0);
  }

  /** The strings of a setting, of which each may be a path. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    STRING.matcher(settings.getOrDefault(name, "")).results().forEach(each -> texts.add(local(each.group(1))));
    return texts;
  }

  private String local(String path) {
    for (Map.Entry<String, Object> directory : directories.entrySet()) {
      if (path.startsWith(directory.getKey() + "/")) {
        return directory.getValue() + path.substring(directory.getKey().length());
      }
    }
    return path;
  }
}

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As much JSON as the protocol needs; the JDK has none. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) {
    Json json = new Json(text);
    Object value = json.value();
    if (json.peek() != 0 || !(value instanceof Map)) {
      throw json.error();
    }
    return (Map<String, Object>) value;
  }

  static String write(Object value) {
    if (value == null || value instanceof Boolean || value instanceof Number) {
      return String.valueOf(value);
    }
    List<String> parts = new ArrayList<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, each) -> parts.add(write(name) + ":" + write(each)));
      return "{" + String.join(",", parts) + "}";
    }
    if (value instanceof List<?> list) {
      list.forEach(each -> parts.add(write(each)));
      return "[" + String.join(",", parts) + "]";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : value.toString().toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private IllegalArgumentException error() {
    return new IllegalArgumentException("no JSON at character " + at);
  }

  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean skip(char wanted) {
    boolean found = peek() == wanted;
    at += found ? 1 : 0;
    return found;
  }

  private void expect(char wanted) {
    if (!skip(wanted)) {
      throw error();
    }
  }

  private Object value() {
    switch (peek()) {
      case '{':
        return map();
      case '[':
        return list();
      case '"':
        return string();
      default:
        return literal();
    }
  }

  private Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    expect('{');
    if (skip('}')) {
      return map;
    }
    do {
      peek();
      String name = string();
      expect(':');
      map.put(name, value());
    } while (skip(','));
    expect('}');
    return map;
  }

  private List<Object> list() {
    List<Object> list = new ArrayList<>();
    expect('[');
    if (skip(']')) {
      return list;
    }
    do {
      list.add(value());
    } while (skip(','));
    expect(']');
    return list;
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c != '\\') {
        string.append(c);
        continue;
      }
      char escaped = text.charAt(at++);
      if (escaped == 'u') {
        string.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
        at += 4;
      } else {
        int known = "bfnrt".indexOf(escaped);
        string.append(known < 0 ? escaped : "\b\f\n\r\t".charAt(known));
      }
    }
    expect('"');
    return string.toString();
  }

  private Object literal() {
    int from = at;
    while (at < text.length() && ",]} \t".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    switch (word) {
      case "null":
        return null;
      case "true":
      case "false":
        return Boolean.valueOf(word);
      default:
        if (word.matches("-?[0-9]+")) {
          return Long.valueOf(word);
        }
        throw error();
    }
  }
}

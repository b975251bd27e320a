import fc from "fast-check";
import { parse } from "yaml";

import { readSettings, SettingsError } from "../../verify/settings-text";
import { damagedText } from "./damage";
import { fuzz } from "./fuzz";

const WRITTEN = [
  `# by hand
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.certificate_authorities: ["certs/a.pem", 'certs/b''s.pem', plain] # both
elasticsearch:
  ssl:
    key: C:\\x\\y
`,
  `"ssl":
  "certificate_authorities":
  - |
    -----BEGIN CERTIFICATE-----
    AAAA
    -----END CERTIFICATE-----
  - "/etc/a \\"b\\"\\n.pem"
  "certificate": "C:\\\\certs\\\\x.pem"
"lead": |2-
    x
  y
"trail": |+
  a

`,
  `---
xpack.fleet.outputs:
- id: default
  hosts: [ https://es.example.com:9200 ]
  config:
    ssl: {}
-
  id: other
- - nested
  - "list"
`,
];

const part = fc.constantFrom(
  ...[
    "a",
    "b: ",
    "c:",
    "- ",
    "-",
    "\n",
    "\n  ",
    "\n    ",
    "'x'",
    '"y"',
    "[",
    "]",
    "{}",
    ", ",
    "|",
    "|-",
    "|2+",
    " #",
    "#",
  ],
  ...["&", "*", "!", ">", "%", "?", ": ", ":", "\t", "'", '"', "\\", "\r\n", "---", "~", "null", "é"],
);

fuzz("settings in YAML", {
  percent: 3,
  input: fc.oneof(
    damagedText(WRITTEN, "-:#|>\"'[]{},& \n\tx"),
    fc.array(part, { maxLength: 16 }).map((parts) => parts.join("")),
  ),
  holds: (text) => {
    let ours: unknown;
    try {
      ours = readSettings(text);
    } catch (error) {
      expect(error).toBeInstanceOf(SettingsError);
      return;
    }
    // What is read at all is read as YAML reads it, every scalar as its text.
    const theirs: unknown = parse(text, { schema: "failsafe", logLevel: "error" });
    expect(ours).toEqual(theirs === null || theirs === "" ? {} : theirs);
  },
});

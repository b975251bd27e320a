import fc from "fast-check";

import { readSettingsFile } from "../../verify/settings";
import { damagedText } from "./damage";
import { fuzz } from "./fuzz";

const SECRET = "hunter2-hunter2";
const WRITTEN = [
  `# by hand
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.certificate_authorities: ["certs/a.pem", 'certs/b''s.pem', plain] # both
elasticsearch: { ssl: { key: C:\\x\\y, password: ${SECRET} } }
`,
  `x-common: &common
  FLEET_URL: https://fleet.example.com:8220
services:
  agent:
    environment:
      <<: *common
      FLEET_ENROLL: "1"
      TOKEN: !!str ${SECRET}
---
- >-
  folded
- |2+
    literal
`,
];

fuzz("settings in YAML", {
  percent: 3,
  input: fc.oneof(
    damagedText(WRITTEN, "-:#|>\"'[]{}&*!<~, \n\tx"),
    fc
      .array(
        fc.constantFrom("a", "b: ", "- ", "\n", "\n  ", "&x ", "*x", "<<: ", "!!map ", "[", "]", "{", "}", "|", "? "),
      )
      .map((parts) => parts.join("")),
  ),
  holds: (text) => {
    const { file, findings } = readSettingsFile({ name: "kibana.yml", bytes: Buffer.from(text) });
    expect(file === undefined).toBe(findings.length > 0);
    // The finding names where a text is not YAML, and never shows the text.
    expect(JSON.stringify(findings)).not.toContain(SECRET);
  },
});

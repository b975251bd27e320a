import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

import { run } from "../../bin/fleet-tls";
import * as lib from "../../lib";
import { TestStack } from "../support/apps";
import { filesBelow } from "../support/files";
import { TerraformProject } from "../support/terraform";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "elastic-cloud.md"), "utf8");

const SECTIONS = PAGE.split(/^## /m).flatMap((section): [string, string, string, string][] => {
  const code = /^```ts\n([^]*?)^```/m.exec(section)?.[1];
  const [, folder, command] = /^```text command (\S+)\n([^]*?)^```/m.exec(section) ?? [];
  return code === undefined ? [] : [[section.split("\n")[0]!, code, folder!, command!]];
});

/** Files that the page says are written, by the section's title. */
const FILES: Readonly<Record<string, string[]>> = {
  "Elastic Cloud Hosted": ["RUNBOOK.md", "agents/web-1/install-command.sh"],
  Serverless: ["RUNBOOK.md", "agents/web-1/install-command.sh"],
  "A Fleet Server of yours, Elasticsearch in Elastic Cloud": [
    "RUNBOOK.md",
    ...["agent-cert-key.pem", "agent-cert.pem", "fleet-ca.pem", "install-command.sh"].map(
      (name) => `agents/web-1/${name}`,
    ),
    ...[
      "agent-ca.pem",
      "agent-cert-key.pem",
      "agent-cert.pem",
      "fleet-ca.pem",
      "fleet-cert-key.pem",
      "fleet-cert.pem",
    ].map((name) => `fleet-server/${name}`),
    "fleet-server/install-command.sh",
  ],
};

test("every model of the page is tried", () => {
  expect(SECTIONS.map(([title]) => title)).toEqual(Object.keys(FILES));
});

test.each(SECTIONS)(
  "%s: deployed, its files and its command are the page's, and verify finds no error",
  async (title, code, folder, command) => {
    const script = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
    const project = new TerraformProject((app) => {
      new Function("stack", ...Object.keys(lib), script)(new TestStack(app), ...Object.values(lib));
    });
    try {
      await project.apply("stack");
      const written = project.path("fleet-tls/stack/fleet");
      expect(filesBelow(written)).toEqual(FILES[title]);
      const installed = fs.readFileSync(path.join(written, folder, "install-command.sh"), "utf8");
      expect(installed.replaceAll("\\\n", "")).toContain(command.trim());
      // Nothing towards Elastic Cloud: its certificates are public.
      expect(installed).not.toMatch(/--fleet-server-es-ca|--fleet-server-es-cert|--insecure/);
      let printed = "";
      const io = { out: (text: string) => (printed += text), err: () => undefined, now: new Date(), env: {} };
      expect(await run(["verify", written], io)).toBe(0);
      expect(printed).toMatch(/\b0 errors/);
    } finally {
      project.dispose();
    }
  },
);

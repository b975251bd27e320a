import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { writeStandIns } from "./stand-ins";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "hosts.md"), "utf8");
const OUTPUT = "fleet-tls/mutual/fleet";
const CERTS = "/etc/elastic-agent/certs";
/** What Elasticsearch has as its own group; here it is one that every Linux has. */
const GROUP = "daemon";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-tls-hosts-"));
const host = path.join(root, "host", "certs");
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

beforeAll(() => {
  writeStandIns(path.join(root, "bin"));
  // Others enter the temporary folder; the modes of the copy decide what they read.
  for (const folder of ["", "host"]) fs.mkdirSync(path.join(root, folder), { recursive: true });
  fs.chmodSync(root, 0o755);
  write("agents/web-1", "agent-cert.pem", 0o644);
  write("agents/web-1", "agent-cert-key.pem", 0o600);
  write("elasticsearch", "es-cert.pem", 0o644);
  write("elasticsearch", "es-cert-key.pem", 0o600);
});

/** A file as a deploy by another user than root writes it. */
function write(folder: string, name: string, mode: number, text = name): void {
  const file = path.join(root, OUTPUT, folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, text);
  fs.chmodSync(file, mode);
  if (process.getuid?.() === 0) fs.chownSync(file, 12_345, 12_345);
}

/** The line of the page that begins so, on a host that is a folder of this machine. */
function line(start: string): string {
  const lines = PAGE.split("\n").map((one) => one.trim());
  return lines.find((one) => one.startsWith(start))!.replaceAll(CERTS, host);
}

function run(script: string, env: Record<string, string> = {}): void {
  const PATH = `${path.join(root, "bin")}:${process.env["PATH"]}`;
  execFileSync("sh", ["-euc", script], { cwd: root, env: { ...process.env, PATH, ...env }, stdio: "pipe" });
}

const mode = (file: string): number => fs.statSync(path.join(host, file)).mode & 0o777;

test("the service token is written without a newline, for its owner alone", () => {
  run(line("umask 077"), { TOKEN: "AAEAAWVsYXN0aWM" });
  expect(fs.readFileSync(path.join(host, "service-token"), "utf8")).toBe("AAEAAWVsYXN0aWM");
  expect([mode("."), mode("service-token")]).toEqual([0o700, 0o600]);
});

test("the copy keeps the service token, and replaces a file by a rename", () => {
  const copy = [line("ssh root@web-1 mkdir"), line("rsync -")].join("\n");
  run(copy);
  expect([mode("."), mode("agent-cert.pem"), mode("agent-cert-key.pem")]).toEqual([0o700, 0o600, 0o600]);
  const reader = fs.openSync(path.join(host, "agent-cert.pem"), "r");
  write("agents/web-1", "agent-cert.pem", 0o644, "a renewed certificate");
  run(copy);
  expect(fs.readFileSync(path.join(host, "agent-cert.pem"), "utf8")).toBe("a renewed certificate");
  // Who had opened the former file still reads all of it.
  expect(fs.readFileSync(reader, "utf8")).toBe("agent-cert.pem");
  fs.closeSync(reader);
  expect(fs.existsSync(path.join(host, "service-token"))).toBe(true);
});

(process.getuid?.() === 0 ? test : test.skip)(
  "Elasticsearch's copy is read by its group, and changed by root alone",
  () => {
    const [, options] = /readable by their own users \(`(-[^`]+)`/.exec(PAGE)!;
    const copy = line("rsync -")
      .replace(/-\S+ --chmod=\S+/, options!.replace("elasticsearch", GROUP))
      .replace("agents/web-1/", "elasticsearch/")
      .replace("web-1:", "es-1:");
    fs.rmSync(host, { recursive: true });
    run(copy);
    const gid = Number(execFileSync("id", ["-g", GROUP], { encoding: "utf8" }));
    for (const name of [".", "es-cert.pem", "es-cert-key.pem"]) {
      expect(fs.statSync(path.join(host, name))).toMatchObject({ uid: 0, gid });
    }
    expect([mode("."), mode("es-cert-key.pem")]).toEqual([0o750, 0o640]);
    const read = (id: number): string =>
      execFileSync("cat", [path.join(host, "es-cert-key.pem")], {
        uid: 12_346,
        gid: id,
        encoding: "utf8",
        stdio: "pipe",
      });
    expect(read(gid)).toBe("es-cert-key.pem");
    expect(() => read(12_346)).toThrow(/Permission denied/);
  },
);

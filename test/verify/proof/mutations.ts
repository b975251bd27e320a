import type { FolderFile, HostFolder } from "../../../verify/host-folder";
import type { VerifyInput } from "../../../verify/verify-hosts";

/** A fleet as it was read, and another one to take certificates from. */
export interface Subject {
  readonly input: VerifyInput;
  readonly other: VerifyInput;
}

/** One kind of mutation; undefined where a fleet has nothing of that kind. */
export interface Mutation {
  readonly title: string;
  readonly apply: (subject: Subject) => VerifyInput | undefined;
  /** Why it may stay without a finding. */
  readonly exempt?: string;
}

type Edit = (text: string) => string;

const isCommand = /^(install-command\.(sh|ps1)|container\.env)$/;

/** The value of a flag in POSIX, PowerShell and container form; `$1` is what stands before the value. */
function flagPattern(flag: string, variable: string): RegExp {
  return new RegExp(`((?:'?--${flag}=)|(?:^${variable}=))([^\\s']*)('?)`, "m");
}

const remove =
  (flag: string, variable = "NONE"): Edit =>
  (text) =>
    text.replace(flagPattern(flag, variable), (_, before: string) => (before.endsWith(`${variable}=`) ? "X=1" : ""));

const change =
  (flag: string, variable: string, edit: Edit): Edit =>
  (text) =>
    text.replace(
      flagPattern(flag, variable),
      (_, before: string, value: string, after: string) => before + edit(value) + after,
    );

const addFlag =
  (words: string, variable = ""): Edit =>
  (text) =>
    text.includes("--non-interactive")
      ? text.replace(/'?--non-interactive'?/, (last) => `${words} ${last}`)
      : variable === ""
        ? text
        : `${text}${variable}\n`;

function withFolders(input: VerifyInput, folders: readonly HostFolder[]): VerifyInput {
  return { ...input, folders };
}

/** Changes the first folder that a name belongs to; undefined if there is none or nothing changed. */
function inFolder(
  { input }: Subject,
  group: RegExp,
  name: RegExp,
  edit: (bytes: Buffer, file: FolderFile, folder: HostFolder) => Partial<FolderFile> | undefined,
): VerifyInput | undefined {
  for (const [i, folder] of input.folders.entries()) {
    const file = [...folder.files.values()].find((one) => name.test(one.name));
    if (!group.test(folder.path) || file === undefined) {
      continue;
    }
    const changed = edit(file.bytes ?? Buffer.alloc(0), file, folder);
    if (changed === undefined || changed.bytes?.equals(file.bytes!) === true) {
      continue;
    }
    const files = new Map(folder.files);
    files.set(file.name, { ...file, ...changed });
    return withFolders(
      input,
      input.folders.map((one, k) => (k === i ? { ...folder, files } : one)),
    );
  }
  return undefined;
}

const AGENT = /\/agents\//;
const SERVER = /\/fleet-server$/;
const NODE = /\/elasticsearch$/;
const KIBANA = /\/kibana\//;

const command =
  (group: RegExp, edit: Edit) =>
  (subject: Subject): VerifyInput | undefined =>
    inFolder(subject, group, isCommand, (bytes) => ({ bytes: Buffer.from(edit(bytes.toString("utf8"))) }));

const text =
  (group: RegExp, name: RegExp, edit: Edit) =>
  (subject: Subject): VerifyInput | undefined =>
    inFolder(subject, group, name, (bytes) => ({ bytes: Buffer.from(edit(bytes.toString("utf8"))) }));

/** A file of the same name and kind of host from another fleet. */
const foreign =
  (group: RegExp, name: string) =>
  (subject: Subject): VerifyInput | undefined =>
    inFolder(subject, group, new RegExp(`^${name}$`), () => {
      const from = subject.other.folders.find((folder) => group.test(folder.path) && folder.files.has(name));
      const bytes = from?.files.get(name)?.bytes;
      return bytes === undefined ? undefined : { bytes };
    });

const mode =
  (group: RegExp, name: RegExp, bits: number) =>
  (subject: Subject): VerifyInput | undefined =>
    inFolder(subject, group, name, () => ({ mode: bits }));

const output =
  (edit: Edit) =>
  ({ input }: Subject): VerifyInput | undefined => {
    const [first, ...more] = input.outputs;
    const before = first?.file.bytes?.toString("utf8");
    const after = before === undefined ? undefined : edit(before);
    return first === undefined || after === undefined || after === before
      ? undefined
      : { ...input, outputs: [{ ...first, file: { ...first.file, bytes: Buffer.from(after) } }, ...more] };
  };

const namesOtherAuthority = command(
  AGENT,
  change("certificate-authorities", "FLEET_CA", (path) => path.replace("fleet-ca", "es-ca")),
);

/** Whether one CA issues the certificates of Fleet Server and of Elasticsearch, so that either file is right. */
function hasOneAuthority({ folders }: VerifyInput): boolean {
  return folders.some(({ path, files }) => {
    const ca = files.get("fleet-ca.pem")?.bytes;
    return AGENT.test(path) && ca !== undefined && files.get("es-ca.pem")?.bytes?.equals(ca) === true;
  });
}

const swapName: Edit = (url) => url.replace(/\/\/[^:/]+/, "//elsewhere.example.com");

/** What people do wrong, each on files that this library wrote. */
export const MUTATIONS: readonly Mutation[] = [
  { title: "an agent names no CA", apply: command(AGENT, remove("certificate-authorities", "FLEET_CA")) },
  {
    title: "an agent names the Elasticsearch CA as the fleet CA",
    apply: (given) => (hasOneAuthority(given.input) ? undefined : namesOtherAuthority(given)),
  },
  { title: "an agent has another URL", apply: command(AGENT, change("url", "FLEET_URL", swapName)) },
  {
    title: "an agent has an http URL",
    apply: command(
      AGENT,
      change("url", "FLEET_URL", (url) => url.replace("https", "http")),
    ),
  },
  {
    title: "an agent's URL has no port",
    apply: command(
      AGENT,
      change("url", "FLEET_URL", (url) => url.replace(/:\d+$/, "")),
    ),
  },
  { title: "an agent is insecure", apply: command(AGENT, addFlag("--insecure", "FLEET_INSECURE=1")) },
  { title: "an agent has a flag of Fleet Server", apply: command(AGENT, addFlag("--fleet-server-port=8220")) },
  {
    title: "an agent's CA path is relative",
    apply: command(
      AGENT,
      change("certificate-authorities", "FLEET_CA", (path) => path.split(/[/\\]/).at(-1)!),
    ),
  },
  {
    title: "an agent's CA list ends in a blank entry",
    apply: command(
      AGENT,
      change("certificate-authorities", "FLEET_CA", (path) => `${path},`),
    ),
  },
  { title: "an agent pins another key", apply: command(AGENT, addFlag(`--ca-sha256=${"A".repeat(43)}=`)) },
  { title: "an agent's URL is given twice", apply: command(AGENT, addFlag("--url=https://fleet.example.com:8220")) },
  { title: "an agent's command asks", apply: command(AGENT, (one) => one.replace(/'?--non-interactive'?/, "")) },
  {
    title: "a Fleet Server names no Elasticsearch CA",
    apply: command(SERVER, remove("fleet-server-es-ca")),
    exempt: "the command also names the CA's fingerprint, which is enough",
  },
  { title: "a Fleet Server names no CA list", apply: command(SERVER, remove("certificate-authorities")) },
  { title: "a Fleet Server names no key", apply: command(SERVER, remove("fleet-server-cert-key")) },
  { title: "a Fleet Server has no token", apply: command(SERVER, remove("fleet-server-service-token-path")) },
  { title: "a Fleet Server has another URL", apply: command(SERVER, change("url", "NONE", swapName)) },
  {
    title: "a Fleet Server has another Elasticsearch",
    apply: command(SERVER, change("fleet-server-es", "NONE", swapName)),
    exempt: "the tree has no Elasticsearch to compare the name with",
  },
  {
    title: "a Fleet Server connects to Elasticsearch with http",
    apply: command(
      SERVER,
      change("fleet-server-es", "NONE", (url) => url.replace("https", "http")),
    ),
  },
  {
    title: "client authentication is spelled wrong",
    apply: command(
      SERVER,
      change("fleet-server-client-auth", "NONE", (one) => one.toUpperCase()),
    ),
  },
  {
    title: "a Fleet Server presents no certificate to itself",
    apply: command(SERVER, (one) => remove("elastic-agent-cert-key")(remove("elastic-agent-cert")(one))),
    exempt: "under `optional` client authentication its own agent may connect without a certificate",
  },
  {
    title: "a trusted fingerprint with colons",
    apply: command(SERVER, addFlag(`--fleet-server-es-ca-trusted-fingerprint=${"AB:".repeat(31)}AB`)),
  },
  { title: "the fleet cert of another fleet", apply: foreign(SERVER, "fleet-cert.pem") },
  { title: "the fleet key of another fleet", apply: foreign(SERVER, "fleet-cert-key.pem") },
  { title: "an agent with the fleet CA of another fleet", apply: foreign(AGENT, "fleet-ca.pem") },
  { title: "a Fleet Server with the Elasticsearch CA of another fleet", apply: foreign(SERVER, "es-ca.pem") },
  { title: "the Elasticsearch cert of another fleet", apply: foreign(NODE, "es-cert.pem") },
  { title: "the Elasticsearch key of another fleet", apply: foreign(NODE, "es-cert-key.pem") },
  {
    title: "the client CAs of another fleet",
    apply: foreign(NODE, "es-client-ca.pem"),
    exempt: "the two fleets share these CAs",
  },
  { title: "an agent cert of another fleet", apply: foreign(AGENT, "agent-cert.pem") },
  { title: "an agent key of another fleet", apply: foreign(AGENT, "agent-cert-key.pem") },
  { title: "a fleet ES cert of another fleet", apply: foreign(SERVER, "fleet-es-cert.pem") },
  { title: "a passphrase with a newline", apply: text(AGENT, /passphrase$/, (one) => `${one}\n`) },
  { title: "a byte order mark in a CA", apply: text(AGENT, /^fleet-ca\.pem$/, (one) => `\ufeff${one}`) },
  { title: "an empty CA file", apply: text(AGENT, /^fleet-ca\.pem$/, () => "") },
  { title: "a key that was cut short", apply: text(SERVER, /^fleet-cert-key\.pem$/, (one) => one.slice(0, 90)) },
  {
    title: "a private key in a CA file",
    apply: (subject) => {
      const key = subject.other.folders.find(({ path }) => SERVER.test(path))?.files.get("fleet-cert-key.pem")?.bytes;
      return text(AGENT, /^fleet-ca\.pem$/, (one) => one + (key?.toString("utf8") ?? ""))(subject);
    },
  },
  { title: "a key that everybody may read", apply: mode(SERVER, /^fleet-cert-key\.pem$/, 0o644) },
  {
    title: "a folder that everybody may enter",
    apply: ({ input }) =>
      withFolders(
        input,
        input.folders.map((folder) => (SERVER.test(folder.path) ? { ...folder, mode: 0o755 } : folder)),
      ),
  },
  { title: "an output without settings for TLS", apply: output(() => "ssl: {}\n") },
  { title: "an output that is not YAML", apply: output((one) => `${one}\n  - [`) },
  {
    title: "an output with a relative CA path",
    apply: output(() => "ssl:\n  certificate_authorities: [es-ca.pem]\n"),
  },
  {
    title: "Elasticsearch without TLS",
    apply: text(NODE, /^elasticsearch\.tls\.yml$/, (one) => one.replace(/(http\.ssl\.enabled"?: )true/, "$1false")),
  },
  {
    title: "Kibana makes agents connect to localhost",
    apply: text(KIBANA, /^kibana\.tls\.yml$/, (one) => one.replaceAll("//fleet.example.com", "//localhost")),
  },
  {
    title: "Kibana names no CA",
    apply: text(KIBANA, /^kibana\.tls\.yml$/, (one) =>
      one.replace(/^"?elasticsearch\.ssl\.certificateAuthorities.*\n(?: *- .*\n)*/m, ""),
    ),
  },
];

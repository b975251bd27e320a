/** What the matrix runner and the validators say to each other: one JSON request a line, one JSON answer a line. */

export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
export type ClientAuth = "none" | "optional" | "required";
export type Edge = "agent-to-fleet" | "fleet-to-local" | "fleet-to-elasticsearch";

interface Versions {
  /** @default TLSv1.2, or `maxVersion` where that is lower */
  minVersion?: TlsVersion;
  /** @default TLSv1.3 */
  maxVersion?: TlsVersion;
}

interface Trust {
  /**
   * Whether a trusted certificate ends a chain even if it is no root: what Go, Java and rustls always do, and OpenSSL,
   * Node and Python with an option.
   * @default false
   */
  partialChain?: boolean;
}

/** Elastic only; ignored by the others. */
interface Reload {
  /** @default what the library does: on in v0.46.3, absent from v0.31.0 */
  reload?: boolean;
  /** @default 5000 */
  reloadIntervalMs?: number;
}

/** Local paths of a host's files, by host directory or host file. */
interface HostPaths {
  directories?: Record<string, string>;
  /** @default linux */
  platform?: "linux" | "windows";
}

interface Pair {
  certificate?: string | null;
  key?: string | null;
  passphrase?: string | null;
}

export interface ServeRequest extends Pair, Versions, Trust, Reload {
  op: "serve";
  clientCas?: string[];
  /** @default none */
  clientAuth?: ClientAuth;
  /** Elastic: the listener of a command instead of the fields above. */
  command?: string;
  /** ssl-config: the listener of Elasticsearch's flat settings instead of the fields above. */
  settings?: Record<string, unknown>;
  /** What paths in `settings` are relative to. */
  configurationDirectory?: string;
  /** @default a free port */
  port?: number;
  /** netty: the file of a Logstash pipeline instead of the fields above. */
  pipeline?: string;
  /** kafka: text for `server.properties` instead of the fields above. */
  properties?: string;
  /** kafka: settings that the operator of the broker adds. */
  further?: Record<string, string>;
  /** kafka: the folder for its data. */
  folder?: string;
  /** kafka: a topic to create. */
  topic?: string;
  /** netty, kafka: local paths of the host's directories. */
  directories?: Record<string, string>;
}

/** Elastic only: serves again, from the files as they are now, on the same port; whoever dials meanwhile waits. */
export interface RestartRequest extends Omit<ServeRequest, "op" | "port"> {
  op: "restart";
  server: string;
}

/** What to connect as: plain files, or (Elastic) an edge of a command, or an agent's output. */
interface Client extends Pair, Versions, Trust, Reload, HostPaths {
  port: number;
  /** The name or IP address to verify. @default the host of the command's URL, or localhost */
  serverName?: string;
  cas?: string[];
  command?: string;
  edge?: Edge;
  /** Elastic, agent-to-fleet: `port` is that of the proxy of the command or the environment. @default neither is used */
  throughProxy?: boolean;
  /** @default full; certificate towards localhost in v0.46.3 (elastic-agent#12917) */
  verification?: "full" | "certificate" | "strict" | "none";
  /** The `ssl` settings of a policy's output, under Elastic's own names. */
  output?: Record<string, unknown>;
  /** Elastic: the output of Fleet Server's policy, `ssl` included, instead of a command. */
  fleetServerOutput?: Record<string, unknown>;
}

export interface ConnectRequest extends Client {
  op: "connect";
}

export interface VerifyRequest extends Trust {
  op: "verify";
  /** Leaf first, then intermediates. */
  chain: string;
  cas: string[];
  name?: string | null;
  purpose: "server" | "client";
  /** Unix seconds. @default now */
  at?: number;
}

/** Elastic only: loads a pair from bytes as from the files that a command names. */
export interface LoadRequest {
  op: "load";
  /** In base64, as all bytes here. */
  certificateBytes: string;
  keyBytes: string;
  /** The passphrase itself. */
  passphrase?: string;
}

/** Elastic only: loads a file of CAs, reads every block of it, and verifies a chain against it. */
export interface TrustRequest {
  op: "trust";
  authorityBytes: string;
  /** @default the file is loaded and no more */
  chainBytes?: string;
  name?: string;
  purpose?: "server" | "client";
}

export interface CloseRequest {
  op: "close";
  server: string;
}

/** kafka: sets the paths of the broker's stores again, which are the same. */
export interface SetStorePathsRequest {
  op: "set-store-paths";
  server: string;
}

/** Parses, checks and loads an emitted command, already split by a real shell. */
export interface CommandRequest extends HostPaths, Reload {
  op: "command";
  argv: string[];
}

/** shipper: sends one event by an output, as Beats does. */
export interface ShipRequest extends HostPaths {
  op: "ship";
  /** An entry of `xpack.fleet.outputs`. */
  output: Record<string, unknown>;
  /** The port on loopback for each `host:port` that may be dialled. */
  dial: Record<string, number>;
  /** Variables that the output's secrets name. */
  variables?: Record<string, string>;
  /** @default false */
  plaintext?: boolean;
}

/** Keeps connecting until stopped: a new connection each interval, and a request on one that is kept alive. */
export interface CheckinStartRequest extends Client {
  op: "checkin-start";
  intervalMs: number;
}

export type Request =
  | { op: "capabilities" }
  | ServeRequest
  | RestartRequest
  | ConnectRequest
  | VerifyRequest
  | LoadRequest
  | TrustRequest
  | CloseRequest
  | SetStorePathsRequest
  | CommandRequest
  | CheckinStartRequest
  | ShipRequest
  | { op: "server-stats"; server: string }
  | { op: "checkin-stats"; checkin: string }
  | { op: "checkin-stop"; checkin: string };

export type Op = Request["op"];

export interface Refusal {
  id: number;
  ok: false;
  error: string;
}

export interface Seen {
  /** Whether the server was shown a certificate and verified it. */
  clientCertificate: boolean;
  subject: string | null;
}

export interface Tally {
  succeeded: number;
  failed: number;
  /** Error text to how often. */
  errors: Record<string, number>;
}

export interface ServerStats {
  requests: number;
  withCertificates: number;
  failed: number;
  errors: Record<string, number>;
}

export interface CheckinStats {
  fresh: Tally;
  keptOpen: Tally;
}

export interface CommandSummary {
  command: string;
  /** standalone: the real agent would install without Fleet and say nothing. */
  mode: "fleet-server" | "agent" | "standalone";
  /** Whether an install of it would stop at a prompt. */
  prompts: boolean;
  /** Flags given more than once; the last one won. */
  repeated: string[];
  /** Words that the agent ignores. */
  stray: string[];
}

export interface Capabilities {
  versions: Record<string, string>;
  roles: ("server" | "client")[];
  ops: Op[];
  algorithms: ("ecdsa" | "rsa" | "ed25519")[];
  keys: ("pkcs8" | "sec1" | "pkcs1" | "pkcs8-encrypted")[];
  /** The oldest protocol that it can be configured to speak. */
  oldest: TlsVersion;
  /** What its server does under `optional` with a certificate that it cannot verify. */
  optionalUnknown: "refused" | "anonymous";
  /** Whether its client keeps back a certificate that no authority the server names has signed. */
  withholds: boolean;
  reload: boolean;
  /** What its `verify` can check in addition to chain and purpose; it refuses a request for more. */
  verifies: ("name" | "time")[];
  /** Whether it is Elasticsearch's own reading of settings, and so plays nothing but Elasticsearch. */
  settings?: boolean;
}

export interface Answers {
  capabilities: Capabilities;
  serve: { port: number; server: string };
  connect: Seen;
  verify: object;
  load: object;
  trust: object;
  close: Partial<ServerStats>;
  "set-store-paths": object;
  command: CommandSummary;
  restart: ServerStats;
  ship: { acknowledged: number };
  "server-stats": ServerStats;
  "checkin-start": { checkin: string };
  "checkin-stats": CheckinStats;
  "checkin-stop": CheckinStats;
}

export type Answer<O extends Op = Op> = ({ id: number; ok: true } & Answers[O]) | Refusal;

import { FLAGS as EMITTED } from "../data/flags";
import type { Since } from "../data/stack-features";

/** Kind of a flag's value: decides its checks, and whether it may be shown. */
export type FlagKind = "switch" | "url" | "path" | "paths" | "text" | "secret" | "list";

/** One flag of `elastic-agent install`. */
export interface FlagSpec {
  readonly kind: FlagKind;
  readonly short?: string;
  /** Versions that introduced it, if older ones are still in use. */
  readonly since?: Since;
  /** Whether `install` alone knows it. */
  readonly installOnly?: boolean;
  /** The container's environment variable of the same meaning. */
  readonly variable?: string;
}

const KINDS: Readonly<Record<(typeof EMITTED)[number]["kind"], FlagKind>> = {
  text: "text",
  number: "text",
  duration: "text",
  list: "text",
  "client authentication": "text",
  url: "url",
  path: "path",
  "secret path": "path",
  "path list": "paths",
  repeated: "list",
  headers: "list",
  switch: "switch",
  secret: "secret",
};

/** elastic-agent, `internal/pkg/agent/cmd/enroll.go`. */
const SHORT: Readonly<Record<string, string>> = {
  "enrollment-token": "t",
  "certificate-authorities": "a",
  "ca-sha256": "p",
  insecure: "i",
  force: "f",
  "non-interactive": "n",
};

/** Every flag by its name without dashes: those that the constructs emit, and those that they never do. */
export const FLAGS: Readonly<Record<string, FlagSpec>> = {
  ...Object.fromEntries(
    EMITTED.map(({ name, kind, ...rest }) => [
      name.slice(2),
      { ...rest, kind: KINDS[kind], short: SHORT[name.slice(2)] } satisfies FlagSpec,
    ]),
  ),
  // The agent sets it by itself for a Fleet Server; 8.x does not know it.
  "install-servers": { kind: "switch", installOnly: true, since: ["9.0"] },
  "skip-daemon-reload": { kind: "switch" },
  "checkin-on-state-change": { kind: "switch" },
  develop: { kind: "switch", installOnly: true },
  namespace: { kind: "text", installOnly: true },
  "run-uninstall-from-binary": { kind: "switch", installOnly: true },
  "path.home": { kind: "path" },
  "path.config": { kind: "path" },
  "path.logs": { kind: "path" },
};

const BY_SHORT = new Map(Object.entries(SHORT).map(([name, short]) => [short, name]));

/** The long name of a short flag. */
export function longName(short: string): string | undefined {
  return BY_SHORT.get(short);
}

import type { TerraformStack } from "cdktf";
import { HttpBackend, LocalBackend, PgBackend, S3Backend } from "cdktf";

/** Where the stacks of `main.ts` keep their states. */
export interface StateBackend {
  /** Gives a stack its state, apart from that of every other stack. */
  addTo(stack: TerraformStack): void;
}

type Settings = Readonly<Record<string, unknown>>;

interface Type {
  /** Settings that have to be given, and those that can be. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  add(stack: TerraformStack, settings: Settings): void;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const TYPES: Readonly<Record<string, Type>> = {
  // Relative, so that the plan is the same on every machine.
  local: {
    required: [],
    optional: [],
    add: (stack) => new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` }),
  },
  // The connection is in PG_CONN_STR, so that no password is in what is synthesised.
  pg: {
    required: [],
    optional: ["schemaPrefix"],
    add: (stack, { schemaPrefix = "" }) =>
      new PgBackend(stack, { connStr: undefined!, schemaName: `${String(schemaPrefix)}${stack.node.id}` }),
  },
  // The credentials are in the environment, as for every program that uses S3. Needs Terraform 1.10 for its lock.
  s3: {
    required: ["bucket", "region"],
    optional: ["keyPrefix", "endpoint"],
    add: (stack, { bucket, region, keyPrefix = "", endpoint }) => {
      const key = `${String(keyPrefix)}${stack.node.id}.tfstate`;
      new S3Backend(stack, { bucket: String(bucket), region: String(region), key, encrypt: endpoint === undefined });
      const backend = "terraform.backend.s3";
      stack.addOverride(`${backend}.use_lockfile`, true);
      if (endpoint === undefined) return;
      // A server of one's own: it is none of Amazon's, and has its buckets in the path.
      stack.addOverride(`${backend}.endpoints`, { s3: endpoint });
      for (const check of [
        "credentials_validation",
        "metadata_api_check",
        "region_validation",
        "requesting_account_id",
      ]) {
        stack.addOverride(`${backend}.skip_${check}`, true);
      }
      stack.addOverride(`${backend}.skip_s3_checksum`, true);
      stack.addOverride(`${backend}.use_path_style`, true);
    },
  },
  // User and password are in TF_HTTP_USERNAME and TF_HTTP_PASSWORD.
  http: {
    required: ["address"],
    optional: [],
    add: (stack, { address }) => {
      const url = `${String(address).replace(/\/+$/, "")}/${stack.node.id}`;
      new HttpBackend(stack, { address: url, lockAddress: url, unlockAddress: url });
    },
  },
};

export const BACKEND_ALLOWED = Object.entries(TYPES)
  .map(([type, { required, optional }]) => {
    const settings = [...required, ...optional.map((name) => `${name}?`)];
    return settings.length === 0 ? type : `${type} with ${settings.join(", ")}`;
  })
  .join("; ");

/** Reads `{ "type": "pg", … }`; nothing for anything that is no backend. */
export function readBackend(value: unknown): StateBackend | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, ...settings } = value as Settings;
  if (!isText(type) || !Object.hasOwn(TYPES, type)) return undefined;
  const { required, optional, add } = TYPES[type]!;
  const names = Object.keys(settings);
  const isUsable =
    Object.values(settings).every(isText) &&
    required.every((name) => names.includes(name)) &&
    names.every((name) => [...required, ...optional].includes(name));
  return isUsable ? { addTo: (stack) => add(stack, settings) } : undefined;
}

/** A local state in the project's folder. */
export const LOCAL_STATE = readBackend({ type: "local" })!;

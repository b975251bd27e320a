import * as path from "node:path";

import { LocalState } from "./local-state";
import { secretJson } from "./secret-json";
import type { Stack } from "./stack";
import type { Terraform } from "./terraform";

interface Instance {
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Resource {
  readonly mode: string;
  readonly type: string;
  readonly instances: readonly Instance[];
}

interface Contents {
  readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
  readonly resources?: readonly Resource[];
}

const FILES = new Set(["local_file", "local_sensitive_file"]);

/** A stack's state at a moment. It contains every secret: it is kept in memory, and never written or printed. */
export class State {
  /** Reads a state from wherever the backend keeps it; nothing where Terraform refuses. */
  public static async pull(terraform: Terraform, stack: Stack): Promise<State | undefined> {
    // To start Terraform takes far longer than to read a file.
    const text = LocalState.of(terraform, stack)?.read();
    if (text !== undefined) return new State(stack.folder, text);
    const { code, stdout } = await terraform.read(stack, ["state", "pull"]);
    return code === 0 ? new State(stack.folder, stdout) : undefined;
  }

  private readonly contents: Contents;

  private constructor(
    private readonly folder: string,
    text: string,
  ) {
    this.contents = text.trim() === "" ? {} : secretJson<Contents>("terraform state pull", text);
  }

  /** Digest of the whole state, the key of its record; Terraform writes the results of checks in any order. */
  public get text(): string {
    return JSON.stringify({ ...this.contents, check_results: undefined });
  }

  public get isEmpty(): boolean {
    return (this.contents.resources ?? []).length === 0;
  }

  /** Every output, for another stack that reads them. */
  public get outputs(): NonNullable<Contents["outputs"]> {
    return this.contents.outputs ?? {};
  }

  /** The values of the outputs that are not sensitive, by name. */
  public get plainOutputs(): Record<string, unknown> {
    const plain = Object.entries(this.outputs).filter(([, { sensitive }]) => !sensitive);
    return Object.fromEntries(plain.map(([name, { value }]) => [name, value]));
  }

  /** The absolute paths of the files that the stack wrote. */
  public get files(): string[] {
    return this.writtenFiles.map(({ file }) => file);
  }

  /** The files that the stack wrote, with the SHA-256 of their contents. */
  public get writtenFiles(): { readonly file: string; readonly sha256: unknown }[] {
    return this.instances(({ type }) => FILES.has(type)).map(({ filename, content_sha256: sha256 }) => ({
      file: path.resolve(this.folder, String(filename)),
      sha256,
    }));
  }

  /** When the next certificate is to be renewed. */
  public get nextRenewal(): Date | undefined {
    const times = this.instances(() => true)
      .filter(({ validity_end_time: end }) => typeof end === "string")
      .map((attributes) => {
        const early = Number(attributes["early_renewal_hours"] ?? 0) * 3_600_000;
        return Date.parse(String(attributes["validity_end_time"])) - early;
      });
    return times.length === 0 ? undefined : new Date(Math.min(...times));
  }

  private instances(which: (resource: Resource) => boolean): Instance["attributes"][] {
    return (this.contents.resources ?? [])
      .filter((resource) => resource.mode === "managed" && which(resource))
      .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
  }
}

import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";

import { TestStack, withApp } from "./apps";

/** A block of a synthesised stack, with what it is known by. */
export interface Block {
  readonly type: string;
  readonly name: string;
  /** The ids from the stack down, as in `stack/fleet/fleet-ca/generation-1/key`. */
  readonly path: string;
  /** The attributes, without cdktf's metadata. */
  readonly attributes: Attributes;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what Terraform reads is any JSON
export type Attributes = Record<string, any>;

interface Metadata {
  readonly metadata: { readonly path: string };
}

type Blocks = Record<string, Record<string, Attributes & { "//"?: Metadata }>>;

/** A synthesised stack, by what Terraform reads of it. */
export class SynthesizedStack {
  constructor(private readonly config: Attributes) {}

  /** Every resource, or those of one type. */
  public resources(type?: string): Block[] {
    return blocks(this.config["resource"], type);
  }

  /** The resource at a construct path; the stack's own id is left out. */
  public resource(constructPath: string): Block {
    return theOne(this.resources(), constructPath);
  }

  /** Every data source, or those of one type. */
  public dataSources(type?: string): Block[] {
    return blocks(this.config["data"], type);
  }

  /** The data source at a construct path; the stack's own id is left out. */
  public dataSource(constructPath: string): Block {
    return theOne(this.dataSources(), constructPath);
  }

  /** A text, or that of the local which it refers to. */
  public resolved(value: unknown): string {
    const [, name] = /^\$\{local\.([\w-]+)\}$/.exec(String(value)) ?? [];
    return String(name === undefined ? value : ((this.config["locals"] ?? {}) as Attributes)[name]);
  }

  /** The value of the local whose logical id begins so: cdktf writes no construct paths next to locals. */
  public local(prefix: string): unknown {
    const locals = Object.entries((this.config["locals"] ?? {}) as Attributes);
    const found = locals.filter(([name]) => name.replace(/_?[0-9A-F]{8}$/, "") === prefix);
    if (found.length !== 1) {
      throw new Error(`there are ${found.length} locals ${prefix}, among ${locals.map(([name]) => name).join(", ")}`);
    }
    return found[0]![1];
  }

  public get outputs(): Record<string, Attributes> {
    return (this.config["output"] ?? {}) as Record<string, Attributes>;
  }

  public get terraform(): Attributes {
    return this.config["terraform"] as Attributes;
  }

  /** `type.name` of every resource, and `data.type.name` of every data source, sorted. */
  public get addresses(): string[] {
    const resources = this.resources().map(({ type, name }) => `${type}.${name}`);
    return [...resources, ...this.dataSources().map(({ type, name }) => `data.${type}.${name}`)].sort();
  }

  /** All of it, without cdktf's metadata: the content of a snapshot. */
  public get json(): Attributes {
    return withoutMetadata(this.config) as Attributes;
  }

  /** All of it as text, to search. */
  public get text(): string {
    return JSON.stringify(this.config);
  }
}

/** Synthesises an app as `cdktf synth` does, validations included; answers its stacks by id. */
export function synthApp(
  build: (app: App) => void,
  context: Record<string, unknown> = {},
): Record<string, SynthesizedStack> {
  return withApp((app) => {
    build(app);
    app.synth();
    return readStacks(app.outdir);
  }, context);
}

/** Synthesises an app of one stack. */
export function synthStack(build: (stack: TestStack) => void): SynthesizedStack {
  return synthApp((app) => build(new TestStack(app)))["stack"]!;
}

/** The stacks in an output folder of cdktf. */
export function readStacks(outdir: string): Record<string, SynthesizedStack> {
  const folder = path.join(outdir, "stacks");
  return Object.fromEntries(
    fs.readdirSync(folder).map((id) => {
      const config = JSON.parse(fs.readFileSync(path.join(folder, id, "cdk.tf.json"), "utf8"));
      return [id, new SynthesizedStack(config)];
    }),
  );
}

function blocks(section: Blocks | undefined, wanted?: string): Block[] {
  return Object.entries(section ?? {})
    .filter(([type]) => wanted === undefined || type === wanted)
    .flatMap(([type, named]) =>
      Object.entries(named).map(([name, { "//": meta, ...attributes }]) => ({
        type,
        name,
        path: meta?.metadata.path ?? name,
        attributes,
      })),
    );
}

function theOne(all: Block[], constructPath: string): Block {
  const found = all.filter((block) => block.path.replace(/^[^/]+\//, "") === constructPath);
  if (found.length !== 1) {
    throw new Error(
      `there are ${found.length} blocks at ${constructPath}, among\n${all.map((block) => block.path).join("\n")}`,
    );
  }
  return found[0]!;
}

function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, content]) => [key, withoutMetadata(content)]),
  );
}

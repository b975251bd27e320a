import * as fs from "node:fs";
import * as path from "node:path";

/** What Terraform's local backend calls a state that has no name of its own. */
const STATE_NAME = "terraform.tfstate";

/** Parts of a stack's `cdk.tf.json` that are read. */
export interface SynthesizedStack {
  readonly terraform?: {
    readonly backend?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly cloud?: unknown;
    readonly required_providers?: Readonly<Record<string, { readonly source?: string }>>;
  };
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly variable?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, { readonly sensitive?: boolean }>>;
  /** The outputs by construct ids, down to the name that Terraform knows each by. */
  readonly "//"?: { readonly outputs?: OutputNames };
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;
type Block = { readonly "//"?: { readonly metadata?: { readonly path?: string } } };

export interface OutputNames {
  readonly [id: string]: string | OutputNames;
}

/** An output of a stack, by the construct ids that lead to it. */
export interface StackOutput {
  readonly ids: readonly string[];
  readonly name: string;
  readonly sensitive: boolean;
}

/** A stack of the app, as cdktf synthesised it. */
export class Stack {
  private paths?: Map<string, string>;

  constructor(
    public readonly name: string,
    /** The folder that Terraform runs in. */
    public readonly folder: string,
    /** The names of the stacks whose outputs this one reads. */
    public readonly dependencies: readonly string[],
    /** The text of `cdk.tf.json`. */
    public readonly text: string,
    public readonly content: SynthesizedStack = JSON.parse(text) as SynthesizedStack,
  ) {}

  /** Whether the stack is still what was synthesised: another run in the same folder writes the same file. */
  public get isCurrent(): boolean {
    const file = path.join(this.folder, "cdk.tf.json");
    return fs.existsSync(file) && fs.readFileSync(file, "utf8") === this.text;
  }

  /** The file of a workspace's local state; nothing for every other backend. */
  public localState(workspace: string): string | undefined {
    const backend = this.content.terraform?.backend ?? { local: {} };
    const local = backend["local"];
    if (local === undefined) return undefined;
    return workspace === "default"
      ? path.resolve(this.folder, String(local["path"] ?? STATE_NAME))
      : path.resolve(this.folder, String(local["workspace_dir"] ?? `${STATE_NAME}.d`), workspace, STATE_NAME);
  }

  /** Whether both keep their state in the same place. */
  public sharesState({ folder, content }: Stack): boolean {
    const placeIn = ({ terraform }: SynthesizedStack): string => JSON.stringify([terraform?.backend, terraform?.cloud]);
    return this.folder === folder && placeIn(this.content) === placeIn(content);
  }

  public get outputs(): StackOutput[] {
    return namesBelow([], this.content["//"]?.outputs ?? {}).map(({ ids, name }) => ({
      ids,
      name,
      sensitive: this.content.output?.[name]?.sensitive === true,
    }));
  }

  /** The path of the construct that a Terraform address belongs to, or the address where that is not known. */
  public constructPath(address: string): string {
    this.paths ??= pathsByAddress(this.content);
    return this.paths.get(address.replace(/\[[^\]]*\]$/, "")) ?? address;
  }
}

function pathsByAddress({ resource, data }: SynthesizedStack): Map<string, string> {
  const paths = new Map<string, string>();
  for (const [prefix, blocks] of [
    ["", resource ?? {}],
    ["data.", data ?? {}],
  ] as const) {
    for (const [type, named] of Object.entries(blocks)) {
      for (const [name, block] of Object.entries(named)) {
        const constructPath = block["//"]?.metadata?.path;
        if (constructPath !== undefined) paths.set(`${prefix}${type}.${name}`, constructPath);
      }
    }
  }
  return paths;
}

function namesBelow(ids: readonly string[], names: OutputNames): { ids: string[]; name: string }[] {
  return Object.entries(names).flatMap(([id, name]) =>
    typeof name === "string" ? [{ ids: [...ids, id], name }] : namesBelow([...ids, id], name),
  );
}

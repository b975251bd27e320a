import { createHash, createHmac } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import type { Stack } from "./stack";
import type { State } from "./state";
import type { Terraform } from "./terraform";

const MISSING = "missing";
const FILE = ".fleet-tls-deployed.json";
/** Messages of a plan that can depend on the time alone, such as a warning that a given certificate expires soon. */
const DAY_MS = 24 * 60 * 60 * 1000;
/** Their resources change by what is in the stack and its files, and by nothing that is elsewhere. */
const CLOSED_PROVIDERS = /^(?:registry\.(?:terraform\.io|opentofu\.org)\/)?hashicorp\/(?:tls|local|random|null)$/;
const OWN_PROGRAM = /^\$\{path\.module\}\/assets\//;
const FILE_FUNCTION = /\b(?:file\w*|templatefile|pathexpand)\s*\(/g;
const LITERAL_FILE =
  /\bfile(?:exists|base64|sha1|sha256|sha512|md5|base64sha256|base64sha512)?\(\s*"((?:[^"\\]|\\.)*)"\s*\)/g;
/** Asked by a fleet before its first deploy alone; after that, for a file that is none of it. */
const BEFORE_FIRST_DEPLOY = /\bfileexists\(local\.[\w-]+_no-deploy_[0-9A-F]{8} \?[^()]*: join\([^()]*"\.none"\]\)\)/g;
/** Settings of Terraform that a plan depends on. */
const SETTING = /^TF_(VAR_|CLI_ARGS|WORKSPACE$)/;

interface Record {
  readonly at: string;
  readonly digest: string;
}

/**
 * What a stack was at its last complete deploy by this machine, to decide whether a plan is needed. Kept in the
 * stack's folder as one digest, whose key is the state: without the state it says nothing about any secret, and with
 * another state, by whomever it was deployed or restored, it does not match.
 */
export class LastDeploy {
  private readonly file: string;

  /** What the expressions read when the deploy began. */
  private inputsBefore?: string;

  constructor(
    private readonly stack: Stack,
    private readonly terraform: Terraform,
  ) {
    this.file = path.join(stack.folder, FILE);
  }

  /** Whether there is a record that is worth a look at the state. */
  public get isKnown(): boolean {
    return this.read() !== undefined && fs.existsSync(path.join(this.stack.folder, ".terraform"));
  }

  /** Whether a plan would find nothing to do, and no certificate is due. */
  public matches(state: State, outputs: readonly unknown[], now: Date): boolean {
    const record = this.read();
    if (record === undefined || state.isEmpty) return false;
    const age = now.getTime() - Date.parse(record.at);
    const due = state.nextRenewal;
    if (!(age >= 0 && age < DAY_MS) || (due !== undefined && due <= now)) return false;
    return record.digest === this.digest(state, outputs, this.inputs());
  }

  /** Remembers a complete deploy, if the stack is one whose plan depends on nothing that is elsewhere. */
  public remember(state: State, outputs: readonly unknown[], now: Date): void {
    const inputs = this.inputs();
    // What changed while Terraform was at work may have been read or overwritten before.
    if (inputs !== this.inputsBefore) return;
    const digest = this.digest(state, outputs, inputs);
    if (digest === undefined) return;
    const record: Record = { at: now.toISOString(), digest };
    fs.writeFileSync(this.file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  }

  /** A deploy begins, and nothing is known until it is complete. */
  public forget(): void {
    fs.rmSync(this.file, { force: true });
    this.inputsBefore = this.inputs();
  }

  private read(): Record | undefined {
    try {
      return JSON.parse(fs.readFileSync(this.file, "utf8")) as Record;
    } catch {
      return undefined;
    }
  }

  /** Digests of the files that a plan reads; nothing if it depends on others too. */
  private inputs(): string | undefined {
    const inputs = isClosed(this.stack) ? filesReadBy(this.stack) : undefined;
    if (inputs === undefined) return undefined;
    const values = fs.readdirSync(this.stack.folder).filter((name) => /\.tfvars(\.json)?$/.test(name));
    const files = [...inputs, ...values].map((name) => path.resolve(this.stack.folder, name));
    return JSON.stringify(files.map((file) => [file, contentDigest(file)]));
  }

  private digest(state: State, outputs: readonly unknown[], inputs: string | undefined): string | undefined {
    if (inputs === undefined || !areAsWritten(state)) return undefined;
    const { program, version, env } = this.terraform;
    const what = {
      text: this.stack.text,
      engine: [program, version],
      settings: Object.entries(env)
        .filter(([name]) => SETTING.test(name))
        .sort(),
      inputs,
      // Terraform's init writes it in a first deploy.
      providers: contentDigest(path.join(this.stack.folder, ".terraform.lock.hcl")),
      files: state.files,
      outputs,
    };
    return createHmac("sha256", state.text).update(JSON.stringify(what)).digest("hex");
  }
}

/** Whether a stack's folder has the record of a deploy by this machine, which a destroy removes. */
export function hasRecord(folder: string): boolean {
  return fs.existsSync(path.join(folder, FILE));
}

/** Whether each file of a state is there, with its content: a plan finds nothing to do in no other case. */
function areAsWritten({ writtenFiles }: State): boolean {
  return writtenFiles.every(({ file, sha256 }) => {
    const found = contentDigest(file);
    return found === sha256 || (sha256 === undefined && found !== MISSING);
  });
}

/** Whether everything that a plan of the stack depends on is in the stack, its files, its state and its dependencies. */
function isClosed({ content }: Stack): boolean {
  const providers = Object.values(content.terraform?.required_providers ?? {});
  const hasModules = "module" in content;
  return (
    !hasModules &&
    providers.every(({ source = "" }) => CLOSED_PROVIDERS.test(source)) &&
    Object.entries(content.data ?? {}).every(([type, blocks]) =>
      Object.entries(blocks).every(([name, block]) => isClosedData(type, name, block as { [key: string]: unknown })),
    )
  );
}

function isClosedData(type: string, name: string, block: { readonly [key: string]: unknown }): boolean {
  if (type === "terraform_remote_state") return name.startsWith("cross-stack-reference-input-");
  if (type === "tls_certificate") return block["url"] === undefined;
  if (type === "tls_public_key") return true;
  const [program] = (block["arguments"] ?? []) as unknown[];
  return type === "local_command" && block["command"] === "node" && OWN_PROGRAM.test(String(program));
}

/** The files that the stack's expressions read; nothing if a path is not known before the plan. */
function filesReadBy({ content }: Stack): string[] | undefined {
  const texts = textsIn(content).map((text) => text.replace(BEFORE_FIRST_DEPLOY, "false"));
  const known = texts.flatMap((text) => [...text.matchAll(LITERAL_FILE)].map(([, literal]) => literal!));
  const calls = texts.reduce((sum, text) => sum + (text.match(FILE_FUNCTION)?.length ?? 0), 0);
  const paths = known.map((literal) => literal.replaceAll("${path.module}", ".").replace(/\\(.)/g, "$1"));
  return known.length === calls && !paths.some((one) => one.includes("${") || one.startsWith("~"))
    ? [...new Set(paths)]
    : undefined;
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.includes("${") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function contentDigest(file: string): string {
  try {
    return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  } catch {
    return MISSING;
  }
}

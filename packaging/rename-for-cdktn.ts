import * as fs from "node:fs";
import * as path from "node:path";

/** Peers of the cdktn package instead of the cdktf ones. The bindings of cdktn 0.24 are the floor. */
const PEERS = {
  "@cdktn/provider-local": "^14.0.1",
  "@cdktn/provider-tls": "^14.1.1",
  cdktn: ">=0.24.0 <1",
  constructs: "^10.6.0",
};

/**
 * Copies the built cdktf package into a package for cdktn. Only names of packages change: cdktn is a fork of cdktf with
 * the same symbols, so one build is enough for both. The jsii assembly stays behind, since it describes cdktf's types.
 */
export function renameForCdktn(cdktf: string, cdktn: string): void {
  fs.cpSync(cdktf, cdktn, { recursive: true });
  fs.rmSync(path.join(cdktn, ".jsii"));
  fs.copyFileSync(path.join(__dirname, "README.cdktn.md"), path.join(cdktn, "README.md"));
  for (const entry of fs.readdirSync(cdktn, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /\.(js|d\.ts)$/.test(entry.name)) edit(path.join(entry.parentPath, entry.name), renameInCode);
  }
  edit(path.join(cdktn, "package.json"), renameInManifest);
}

/** Renames module specifiers, and the names by which jsii knows the classes. */
function renameInCode(code: string): string {
  return code
    .replace(/(?<=\b(?:require|import)\(["']|\bfrom ["']|\bmodule ["']|\bimport ["'])(@?)cdktf(?=["'/])/g, "$1cdktn")
    .replace(/(?<=\bfqn: ")cdktf(?=-fleet-tls\.)/g, "cdktn");
}

function renameInManifest(text: string): string {
  const { files, description, ...json } = JSON.parse(text) as Manifest;
  const manifest = {
    ...json,
    name: "cdktn-fleet-tls",
    description: description.replace("CDKTF", "CDK Terrain (cdktn)"),
    files: files.filter((pattern) => pattern !== ".jsii"),
    jsii: undefined,
    peerDependencies: PEERS,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

interface Manifest {
  readonly description: string;
  readonly files: readonly string[];
}

function edit(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, "utf8")));
}

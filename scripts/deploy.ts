import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCdktf } from "./cdktf";
import type { SensitiveOutput } from "./install-commands";
import { installCommands } from "./install-commands";
import { stackFolders } from "./leftovers";

/** Deploys the named stacks, all when none is named, and prints the install commands: nothing else goes to stdout. */
async function deploy(words: readonly string[]): Promise<number> {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-fleet-tls-"));
  try {
    const { code, outputsFile, outputFolder } = await runCdktf("deploy", words, path.join(temporary, "outputs.json"));
    if (code !== 0) {
      process.stderr.write("the deploy is not complete: mend what is named above, and run it again\n");
      return code;
    }
    const outputs = fs.existsSync(outputsFile!) ? JSON.parse(fs.readFileSync(outputsFile!, "utf8")) : {};
    process.stdout.write(installCommands(outputs, sensitiveOutputs(outputFolder)));
    return 0;
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

interface SynthesizedStack {
  readonly output?: Record<string, { sensitive?: boolean }>;
  /** By construct ids, down to the name that Terraform knows the output by. */
  readonly "//"?: { readonly outputs?: OutputNames };
}
type OutputNames = { readonly [id: string]: string | OutputNames };

function sensitiveOutputs(outputFolder: string): SensitiveOutput[] {
  return stackFolders(outputFolder).flatMap((folder) => {
    const file = path.join(folder, "cdk.tf.json");
    if (!fs.existsSync(file)) return [];
    const stack = JSON.parse(fs.readFileSync(file, "utf8")) as SynthesizedStack;
    return namesBelow([], stack["//"]?.outputs ?? {})
      .filter(({ name }) => stack.output?.[name]?.sensitive)
      .map(({ path, name }) => ({ path, show: `terraform -chdir=${folder} output -json ${name}` }));
  });
}

function namesBelow(path: readonly string[], names: OutputNames): { path: string[]; name: string }[] {
  return Object.entries(names).flatMap(([id, name]) =>
    typeof name === "string" ? [{ path: [...path, id], name }] : namesBelow([...path, id], name),
  );
}

deploy(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, DefaultTokenResolver, LocalBackend, StringConcat, TerraformStack, Tokenization } from "cdktf";
import type { Construct } from "constructs";

/** A stack as a user writes one: with the two providers, and a backend whose path depends on no machine. */
export class TestStack extends TerraformStack {
  constructor(scope: Construct, id = "stack", backend = localBackend) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    // Ranges, so that every release of the bindings synthesises the same.
    this.addOverride("terraform.required_providers.tls.version", "~> 4.1");
    this.addOverride("terraform.required_providers.local.version", "~> 2.6");
    backend(this, id);
  }
}

function localBackend(stack: TerraformStack, id: string): void {
  new LocalBackend(stack, { path: `../../../terraform.${id}.tfstate` });
}

/** Runs something in a temporary folder, and removes the folder whatever comes of it. */
export function inTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-fleet-tls-test-"));
  try {
    return use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs something with an app that leaves nothing behind. */
export function withApp<T>(use: (app: App) => T, context: Record<string, unknown> = {}): T {
  return inTemporaryFolder((outdir) => use(new App({ outdir, stackTraces: false, context })));
}

/** Runs something with a stack of such an app. */
export function withStack<T>(use: (stack: TestStack) => T): T {
  return withApp((app) => use(new TestStack(app)));
}

/** The message with which something is refused at synth. */
export function refusalOf(build: (stack: TestStack, app: App) => void): string {
  try {
    withApp((app) => {
      build(new TestStack(app), app);
      app.synth();
    });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was not refused");
}

/** A value as Terraform will read it, with every token in it filled in. */
export function resolved(scope: Construct, value: unknown): unknown {
  return Tokenization.resolve(value, {
    scope,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
}

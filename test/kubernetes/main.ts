/**
 * `npm run test:kubernetes`: deploys examples/kubernetes-secrets into a real kube-apiserver with etcd, as its README says,
 * and writes docs/kubernetes.md. Exits with 1 when anything failed.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Example, ExampleProject } from "../examples/example";
import { clusterPrograms, kubernetesProvider } from "./builds";
import { Cluster } from "./cluster";
import { DeployedExample } from "./deployed-example";

const PAGE = path.join(__dirname, "..", "..", "docs", "kubernetes.md");

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-"));
  const project = new ExampleProject();
  const programs = clusterPrograms();
  const provider = await kubernetesProvider();
  const cluster = await Cluster.start(programs, folder);
  try {
    cluster.writeConfig(folder);
    const example = new DeployedExample(new Example(project, "kubernetes-secrets"), cluster, folder, provider);
    const rows: string[] = [];
    for (const [what, check] of example.steps()) {
      rows.push(`| ${what} | ${await check()} |`);
      process.stderr.write(`${rows.at(-1)!}\n`);
    }
    fs.writeFileSync(PAGE, page(rows, await cluster.version(), example.providerVersion()));
  } finally {
    await cluster.stop();
    project.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function page(rows: readonly string[], kubernetes: string, provider: string): string {
  return `# Kubernetes secrets in a real API server

Written by \`npm run test:kubernetes\`, run on ${new Date().toISOString().slice(0, 10)}. It starts kube-apiserver ${kubernetes} with etcd, over TLS and with a client certificate, and deploys [examples/kubernetes-secrets](../examples/kubernetes-secrets) into it by the command in its README, with the provider hashicorp/kubernetes ${provider}. Then it reads the objects through the API. There is no kubelet: the script itself puts a secret and a config map into one folder, as a projected volume does.

| step | what was seen |
| --- | --- |
${rows.join("\n")}

- The script uses the provider that the Terraform registry or your \`TF_CLI_CONFIG_FILE\` has. Without both it builds release 1.13.4, the newest one that the Go module proxy serves, and registers its secret and config map under their names of 2.x, with the suffix \`_v1\`.
- It is no part of \`npm test\`, because Go takes several minutes of CPU to build kube-apiserver.
`;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});

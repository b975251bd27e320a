import { EXPIRING_HELP } from "../bin/expiring";
import { VERIFY_HELP } from "../bin/verify";
import { ASSEMBLE_HELP } from "../deploy/assemble";
import { DEPLOY_HELP } from "../deploy/deploy";
import { DESTROY_HELP } from "../deploy/destroy";
import { DIFF_HELP } from "../deploy/diff";
import { SYNTH_HELP } from "../deploy/synth";

/** Subcommands in the order of a deploy, each with its help and the page that explains it. */
export const SUBCOMMANDS: Readonly<Record<string, { readonly help: string; readonly page: string }>> = {
  synth: { help: SYNTH_HELP, page: "[deploy.md](deploy.md)" },
  diff: { help: DIFF_HELP, page: "[deploy.md](deploy.md#see-what-would-change)" },
  deploy: { help: DEPLOY_HELP, page: "[deploy.md](deploy.md)" },
  assemble: { help: ASSEMBLE_HELP, page: "[scale.md](scale.md)" },
  verify: { help: VERIFY_HELP, page: "[verify.md](verify.md)" },
  expiring: { help: EXPIRING_HELP, page: "[production-checklist.md](production-checklist.md)" },
  destroy: { help: DESTROY_HELP, page: "[deploy.md](deploy.md#destroy)" },
};

/** The page of the command line, from the help that the program prints. */
export function cliPage(): string {
  const sections = Object.entries(SUBCOMMANDS).map(
    ([name, { help, page }]) => `## fleet-tls ${name}\n\n${page}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`,
  );
  return `# The program fleet-tls

Generated from the program's own help by \`npm run docs\`.

In an app that has the package installed, run \`npx fleet-tls\`; in a clone of this repository, \`npm run --silent fleet-tls -- SUBCOMMAND\`. \`fleet-tls SUBCOMMAND --help\` prints the same as below, \`fleet-tls --version\` the version.

${sections.join("\n")}
## Environment

| variable | what it is |
| --- | --- |
| \`TERRAFORM_BINARY_NAME\` | the program to run as Terraform, such as \`tofu\` |
| \`TF_VAR_NAME\` | the value of a Terraform variable; better than \`--var\` for secrets |
| \`TF_CLI_CONFIG_FILE\` | Terraform's own configuration, such as a [provider mirror](air-gapped.md) |
| \`KIBANA_API_KEY\` | the API key for \`verify --connect --kibana URL\` |
`;
}

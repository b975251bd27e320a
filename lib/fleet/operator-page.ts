import { File } from "@cdktf/provider-local/lib/file";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type { IFleetTls } from "../host/ifleet-tls";
import { checkProps, partId, pathOf } from "../private/check-props";
import { runLocalProgram } from "../private/local-program";
import { pageData } from "./private/page/gather";
import { agentStacksOf } from "./private/stacks/agent-stack-list";
import { InputError } from "../private/problems";
import { outputPathOf, projectPath } from "../private/paths";

/** Properties of an operator's page. */
export interface OperatorPageProps {
  /** The fleet that it shows. */
  readonly fleet: IFleetTls;
}

/**
 * One HTML file that shows a fleet: who trusts whom, each host's files, expiry and fingerprints, the commands and
 * settings to copy, and when the next renewal is due. It contains no secret and loads nothing.
 *
 * A Node program renders it whenever Terraform plans. Its input and the page are in Terraform's state, public values
 * only: docs/operator-page.md has the figures.
 */
export class OperatorPage extends Construct {
  /** Path of the page in the output directory, as the plan has it. */
  public readonly outputPath: string;

  constructor(scope: Construct, id: string, props: OperatorPageProps) {
    checkProps(pathOf(scope, id), "OperatorPageProps", props);
    super(scope, partId(scope, id));
    const { fleet } = props;
    const path = outputPathOf(fleet, "index.html");
    if (path === undefined) {
      throw new InputError([
        {
          where: this.node.path,
          what: "shows folders, but the fleet writes no files",
          allowed: "an operator page in a fleet that writes its files",
          fix: "remove the page, or writeFiles: false",
        },
      ]);
    }
    this.outputPath = projectPath(path);
    const isHere = (host: Construct): boolean => TerraformStack.of(host) === TerraformStack.of(this);
    new File(this, "file", {
      filename: this.outputPath,
      content: runLocalProgram(this, "render", "render-page", () => pageData(fleet, isHere, agentStacksOf(fleet))),
      filePermission: "0644",
      directoryPermission: "0700",
    });
  }
}

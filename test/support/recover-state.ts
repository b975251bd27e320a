import { LocalState } from "../../deploy/private/local-state";
import { Processes } from "../../deploy/private/processes";
import { Terraform } from "../../deploy/private/terraform";

/** What the next deploy does first about a local state that a killed Terraform left; answers what it says. */
export async function recoverState(file: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const terraform = await Terraform.find(new Processes(), env, process.cwd());
  return new LocalState(file).recover(terraform);
}

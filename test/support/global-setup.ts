import { providerEnvironment } from "../../providers/mirror";

/** Has the providers built once, before several workers would each build them. */
export default async function ensureProviders(): Promise<void> {
  // A machine that cannot have them still runs the unit tests: those that need Terraform say what is missing.
  await providerEnvironment({ preferMirror: true }).catch(() => undefined);
}

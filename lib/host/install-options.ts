import type { HostOptions } from "./host-options";
import type { SharedFlags } from "./shared-flags";

/** Install options shared by agents and Fleet Servers. */
export interface InstallOptions extends HostOptions, SharedFlags {
  /**
   * CA of a proxy that is reached over https or that terminates TLS, as PEM; may be a Terraform token. An agent gets it in
   * its list of CAs as `proxy-ca.pem`, a Fleet Server in its `es-ca.pem`.
   *
   * @default - none
   */
  readonly proxyCaPem?: string;

  /**
   * Run the agent in Elastic's container image, which reads environment variables instead of a command. The host's folder
   * then contains `container.env` instead of the script, for the image's `container` entry point.
   *
   * @default false
   */
  readonly container?: boolean;
}

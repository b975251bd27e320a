import type { ClientAuthentication } from "../../../command/client-authentication";

/** Everything that a proxy's configuration says; paths are on the proxy's host. Texts may contain Terraform tokens. */
export interface ProxyConfiguration {
  /** Name of the listener, in the characters of an identifier. */
  readonly name: string;
  /** Name and port that clients dial. */
  readonly host: string;
  readonly port: string;
  readonly certificatePath: string;
  readonly keyPath: string;
  /** CAs of the clients; absent if the proxy asks for no client certificate. */
  readonly clientCaPath?: string;
  readonly clientAuthentication: ClientAuthentication;
  /** Name and port that the proxy dials, and the CAs that it verifies that server with. */
  readonly upstreamHost: string;
  readonly upstreamPort: string;
  readonly upstreamCaPath: string;
  /** The proxy's own client certificate. */
  readonly upstreamCertificatePath?: string;
  readonly upstreamKeyPath?: string;
}

/** A check-in is a long poll: Fleet Server answers it after minutes (fleet-server server.timeouts.checkin_long_poll). */
export const LONGEST_POLL_SECONDS = 900;

/** Certificates between a leaf and its anchor that are read; OpenSSL's own limit in nginx is 1. */
export const VERIFY_DEPTH = 5;

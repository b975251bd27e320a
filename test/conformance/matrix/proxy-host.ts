import { existsSync } from "node:fs";
import { join } from "node:path";

import type { ReverseProxy } from "../../../lib";
import type { ClientAuth } from "../protocol";
import type { ClientParty, ServerParty } from "./edges";
import type { Pair } from "./signer";

/** A reverse proxy's folder as a deploy left it. */
export class ProxyHost {
  public constructor(
    private readonly folder: string,
    private readonly proxy: ReverseProxy,
    private readonly systemRoots: string,
  ) {}

  /** How it listens. */
  public get server(): ServerParty {
    return {
      pair: this.pair("proxy-cert")!,
      clientCas: this.files("client-ca.pem"),
      clientAuth: this.proxy.clientAuthentication.mode as ClientAuth,
    };
  }

  /** How it dials its target. */
  public get client(): ClientParty {
    const trusted = this.files("upstream-ca.pem");
    return { pair: this.pair("upstream-cert"), cas: trusted.length > 0 ? trusted : [this.systemRoots] };
  }

  private pair(role: string): Pair | undefined {
    const [certificate] = this.files(`${role}.pem`);
    // HAProxy reads the key of NAME.pem from NAME.pem.key.
    const [key] = this.files(`${role}-key.pem`, `${role}.pem.key`);
    return certificate === undefined ? undefined : { certificate, key: key!, passphrase: null };
  }

  /** Those of these files that the folder has. */
  private files(...names: string[]): string[] {
    return names.map((name) => join(this.folder, name)).filter(existsSync);
  }
}

import { existsSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import type { ClientAuth, ServeRequest } from "../protocol";
import type { Pair } from "./signer";

const PREFIX = "xpack.security.http.ssl.";

/** An Elasticsearch node's folder as a deploy left it, in a configuration directory, with the settings that go with it. */
export class ElasticsearchHost {
  public readonly pair: Pair;
  public readonly clientCas: string[];
  /** What the emitted settings ask of clients. */
  public readonly clientAuth: ClientAuth;
  private readonly directory: string;
  private readonly settings: Record<string, unknown>;

  /**
   * @param folder what the deploy wrote
   * @param scratch where to make the configuration directory
   * @param own what an Elasticsearch that was there before serves already
   */
  public constructor(
    private readonly folder: string,
    scratch: string,
    own: Pair,
  ) {
    this.directory = mkdtempSync(join(scratch, "elasticsearch-"));
    symlinkSync(folder, join(this.directory, "certs"));
    const emitted = settingsIn(join(folder, "elasticsearch.tls.yml"));
    const isNew = emitted[`${PREFIX}certificate`] !== undefined;
    this.settings = isNew ? emitted : { ...emitted, ...settingsOf(own) };
    this.clientAuth = this.setting<ClientAuth>("client_authentication") ?? "none";
    this.clientCas = (this.setting<string[]>("certificate_authorities") ?? []).map((path) => this.local(path));
    this.pair = isNew ? { certificate: this.emitted("certificate"), key: this.emitted("key"), passphrase: null } : own;
  }

  /** Whoever cannot verify clients asks for none. */
  public get modes(): ClientAuth[] {
    return this.clientCas.length > 0 ? ["none", "optional", "required"] : ["none"];
  }

  /** The settings for whoever reads such: the emitted ones but for the mode, and for another pair in place of its own. */
  public listener(
    clientAuth: ClientAuth,
    { pair, maxVersion }: { pair: Pair; maxVersion?: ServeRequest["maxVersion"] },
  ): Pick<ServeRequest, "settings" | "configurationDirectory"> {
    return {
      configurationDirectory: this.directory,
      settings: {
        ...this.settings,
        ...(clientAuth === this.clientAuth ? {} : { [`${PREFIX}client_authentication`]: clientAuth }),
        ...(pair === this.pair ? {} : settingsOf(pair)),
        ...(maxVersion === undefined ? {} : { [`${PREFIX}supported_protocols`]: [maxVersion] }),
      },
    };
  }

  private setting<T>(name: string): T | undefined {
    return this.settings[`${PREFIX}${name}`] as T | undefined;
  }

  private emitted(name: string): string {
    return this.local(this.setting<string>(name) as string);
  }

  private local(path: string): string {
    // By its place in the output directory, which identifies the result.
    return resolve(this.directory, path).replace(join(this.directory, "certs"), () => this.folder);
  }
}

/** An Elasticsearch that exists elsewhere and has no clients to verify is given nothing. */
function settingsIn(file: string): Record<string, unknown> {
  return existsSync(file) ? (parse(readFileSync(file, "utf8")) as Record<string, unknown>) : {};
}

function settingsOf({ certificate, key }: Pair): Record<string, string> {
  return { [`${PREFIX}certificate`]: certificate, [`${PREFIX}key`]: key };
}

import { X509Certificate } from "node:crypto";

import type { LeafUsage } from "../pki";
import type { Edge } from "./edges";
import { holdsAny } from "./key-ring";
import type { KeyRing } from "./key-ring";
import type { Authority, LeafRequest, Pair, Signer } from "./signer";
import { pemsOf, tampered } from "./signer";

/** What is wrong; the two controls are made in the same way with nothing wrong, so that a refusal proves something. */
export const faults = [
  "control",
  "control below an intermediate",
  "foreign authority",
  "impostor of the authority",
  "another authority of the fleet",
  "expired",
  "not yet valid",
  "swapped usage",
  "missing intermediate",
  "tampered signature",
  "no client certificate",
  "wrong name",
  "wrong address",
  "TLS below 1.2",
] as const;

export type FaultKind = (typeof faults)[number];

/** A pair in place of a party's own. */
export interface Substitute {
  kind: FaultKind;
  pair: Pair;
}

/** Made at run time by OpenSSL, with the real CAs' keys. */
export class Refusals {
  private readonly stranger: Authority;
  private readonly made = new Map<string, Promise<Substitute[]>>();

  public constructor(
    private readonly signer: Signer,
    private readonly keys: KeyRing,
  ) {
    this.stranger = signer.stranger();
  }

  /** What a server of this edge must not get away with. */
  public servers({ server, client }: Edge, authorities: string[]): Promise<Substitute[]> {
    return this.substitutes(server.pair, client.cas, "serverAuth", authorities);
  }

  /** What a client of this edge must not get away with; nothing where it is asked for no certificate. */
  public async clients({ server, client }: Edge, authorities: string[]): Promise<Substitute[]> {
    return client.pair === undefined || server.clientAuth === "none"
      ? []
      : this.substitutes(client.pair, server.clientCas, "clientAuth", authorities);
  }

  private async substitutes(
    pair: Pair,
    trust: string[],
    usage: LeafUsage,
    authorities: string[],
  ): Promise<Substitute[]> {
    const [leaf, ...rest] = pemsOf(pair.certificate) as [string, ...string[]];
    const issuer = this.keys.issuerOf(pair.certificate, trust);
    const request = { usage, names: usage === "serverAuth" ? alternativeNames(leaf) : [] };
    const isDirect = holdsAny(trust, pemsOf(issuer.certificate));
    const common = [...pemsOf(issuer.certificate), ...rest, usage, String(isDirect), ...request.names];
    const made = await this.once(common, () => this.make(issuer, rest, request, isDirect));
    const other = untrusted(trust, authorities)
      .map((pem) => this.keys.authority(pem))
      .find(Boolean);
    const strange =
      other &&
      (await this.once([...pemsOf(other.certificate), ...request.names, usage], () => this.strange(other, request)));
    return [
      // What was emitted without its intermediate, where it has one.
      ...(isDirect ? [] : [{ kind: "missing intermediate" as const, pair: this.signer.withChain(pair, [leaf]) }]),
      { kind: "tampered signature", pair: this.signer.withChain(pair, [tampered(leaf), ...rest]) },
      ...(strange ?? []),
      ...made,
    ];
  }

  private once(texts: string[], make: () => Promise<Substitute[]>): Promise<Substitute[]> {
    const key = texts.join("\0");
    const made = this.made.get(key) ?? make();
    this.made.set(key, made);
    return made;
  }

  /** With one thing wrong each; `rest` is what follows the leaf in the emitted file. */
  private async make(
    issuer: Authority,
    rest: string[],
    request: LeafRequest,
    isDirect: boolean,
  ): Promise<Substitute[]> {
    const chained = async (made: Promise<Pair>, more: string[] = rest): Promise<Pair> => {
      const pair = await made;
      return this.signer.withChain(pair, [...pemsOf(pair.certificate), ...more]);
    };
    const signed = (changes: Partial<LeafRequest> = {}) =>
      chained(this.signer.leaf(issuer, { ...request, ...changes }));
    const below = await this.signer.intermediate(issuer);
    const impostor = this.signer.impostor(issuer.certificate);
    const usage = request.usage === "serverAuth" ? "clientAuth" : "serverAuth";
    const made: [FaultKind, Promise<Pair>][] = [
      ["control", signed()],
      [
        "control below an intermediate",
        chained(this.signer.leaf(below, request), [...pemsOf(below.certificate), ...rest]),
      ],
      ["foreign authority", this.signer.leaf(this.stranger, request)],
      ["impostor of the authority", chained(this.signer.leaf(impostor, request))],
      ["expired", signed({ from: -20, to: -1 })],
      // NSS takes one up to a day before its time.
      ["not yet valid", signed({ from: 2, to: 10 })],
      ["swapped usage", signed({ usage })],
    ];
    if (isDirect) {
      made.push(["missing intermediate", chained(this.signer.leaf(below, request))]);
    }
    return Promise.all(made.map(async ([kind, pair]) => ({ kind, pair: await pair })));
  }

  private async strange(authority: Authority, request: LeafRequest): Promise<Substitute[]> {
    return [{ kind: "another authority of the fleet", pair: await this.signer.leaf(authority, request) }];
  }
}

/** CAs of the same fleet that a verifier has no reason to trust. */
function untrusted(trust: string[], authorities: string[]): string[] {
  return authorities.flatMap(pemsOf).filter((pem) => !holdsAny(trust, [pem]));
}

/** As OpenSSL writes them. */
function alternativeNames(pem: string): string[] {
  const names = (new X509Certificate(pem).subjectAltName ?? "").split(", ").filter(Boolean);
  return names.map((name) => name.replace("IP Address:", "IP:"));
}

import { execFile, execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import type { LeafUsage } from "../pki";
import { Lanes } from "./lanes";

/** A certificate's file, its key's, and its passphrase's where the key is encrypted. */
export interface Pair {
  certificate: string;
  key: string;
  passphrase: string | null;
}

/** Who signs: the files of a CA's certificate and key. */
export interface Authority {
  certificate: string;
  key: string;
}

export interface LeafRequest {
  usage: LeafUsage;
  /** As OpenSSL writes them: `DNS:…`, `IP:…`. */
  names: string[];
  /** Days from now. */
  from?: number;
  to?: number;
}

interface Subject {
  key: string;
  request: string;
}

/** Signs with any CA whose key is at hand, at any time: what nobody may accept is made by this, when a run needs it. */
export class Signer {
  /** One key and one request for all leaves, and others for all CAs: none of them is distinguished by its key. */
  private readonly subjects: { leaf: Subject; authority: Subject };
  private readonly impostorKeys = new Map<string, string>();
  private readonly lanes = new Lanes(3);

  public constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.subjects = { leaf: this.newSubject("made-leaf"), authority: this.newSubject("made-authority") };
  }

  public leaf(authority: Authority, { usage, names, from = -1, to = 10 }: LeafRequest): Promise<Pair> {
    return this.sign(authority, this.subjects.leaf, leafExtensions(usage, names), from, to);
  }

  /** An intermediate CA below another one. */
  public intermediate(authority: Authority): Promise<Authority> {
    return this.sign(authority, this.subjects.authority, CA_EXTENSIONS, -1, 10);
  }

  /** A CA that nobody knows. */
  public stranger(): Authority {
    const key = this.newKey("stranger");
    const certificate = join(this.folder, "stranger.pem");
    const words = ["-x509", "-config", this.configuration(this.folder), "-extensions", "authority", "-days", "30"];
    openssl("req", "-new", ...words, "-subj", "/CN=stranger", "-key", key, "-out", certificate);
    return { certificate, key };
  }

  /** A CA that differs from a real one in its key alone: its name, key identifier and algorithm are the same. */
  public impostor(certificate: string): Authority {
    const folder = mkdtempSync(join(this.folder, "impostor-"));
    const key = this.keyLike(new X509Certificate(readFileSync(certificate)).publicKey);
    const own = join(folder, "ca.pem");
    openssl("x509", "-in", certificate, "-signkey", key, "-days", "30", "-out", own);
    return { certificate: own, key };
  }

  /** The pair with something else in its certificate's file. */
  public withChain(pair: Pair, certificates: string[]): Pair {
    const certificate = join(mkdtempSync(join(this.folder, "chain-")), "chain.pem");
    writeFileSync(certificate, certificates.map((pem) => `${pem.trim()}\n`).join(""));
    return { ...pair, certificate };
  }

  private async sign(
    authority: Authority,
    subject: Subject,
    extensions: string,
    from: number,
    to: number,
  ): Promise<Pair> {
    // OpenSSL notes what it signs in a file, so each signature has a folder of its own.
    const folder = mkdtempSync(join(this.folder, "signed-"));
    const [certificate, extensionFile] = [join(folder, "cert.pem"), join(folder, "extensions.cnf")];
    writeFileSync(extensionFile, extensions);
    const words = [
      ...[
        "ca",
        "-config",
        this.configuration(folder),
        "-batch",
        "-notext",
        "-in",
        subject.request,
        "-out",
        certificate,
      ],
      ...["-cert", authority.certificate, "-keyfile", authority.key, "-extfile", extensionFile],
      ...["-startdate", date(from), "-enddate", date(to)],
    ];
    await this.lanes.run(() => promisify(execFile)("openssl", words));
    return { certificate, key: subject.key, passphrase: null };
  }

  private configuration(folder: string): string {
    const path = join(folder, "openssl.cnf");
    writeFileSync(join(folder, "index.txt"), "");
    writeFileSync(path, configurationText(folder));
    return path;
  }

  private newSubject(name: string): Subject {
    const [key, request] = [this.newKey(name), join(this.folder, `${name}.csr`)];
    openssl(
      "req",
      "-new",
      "-config",
      this.configuration(this.folder),
      "-key",
      key,
      "-subj",
      `/CN=${name}`,
      "-out",
      request,
    );
    return { key, request };
  }

  /** A key of the same algorithm and size; one of each is enough for all impostors. */
  private keyLike(key: KeyObject): string {
    const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
    const words = {
      ec: ["EC", "-pkeyopt", `ec_paramgen_curve:${namedCurve}`],
      rsa: ["RSA", "-pkeyopt", `rsa_keygen_bits:${modulusLength}`],
      ed25519: ["ED25519"],
    }[key.asymmetricKeyType as "ec" | "rsa" | "ed25519"];
    const known = this.impostorKeys.get(words.join()) ?? this.newKey("impostor", words);
    this.impostorKeys.set(words.join(), known);
    return known;
  }

  private newKey(name: string, words = ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]): string {
    const path = join(mkdtempSync(join(this.folder, "key-")), `${name}-key.pem`);
    openssl("genpkey", "-algorithm", ...words, "-out", path);
    return path;
  }
}

/** The PEM blocks of a file's certificates. */
export function pemsOf(file: string): string[] {
  return readFileSync(file, "utf8").match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
}

/** The certificate with the last bit of its signature turned. */
export function tampered(pem: string): string {
  const der = Buffer.from(new X509Certificate(pem).raw);
  der[der.length - 1]! ^= 1;
  const body = der.toString("base64").replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${body}-----END CERTIFICATE-----`;
}

export function openssl(...words: string[]): string {
  return execFileSync("openssl", words, { encoding: "utf8", stdio: "pipe" });
}

function date(days: number): string {
  const text = new Date(Date.now() + days * 86_400_000).toISOString();
  return `${text.slice(0, 19).replace(/[-T:]/g, "")}Z`;
}

function leafExtensions(usage: LeafUsage, names: string[]): string {
  return `basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = ${usage}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
${names.length > 0 ? `subjectAltName = ${names.join(",")}` : ""}
`;
}

const CA_EXTENSIONS = `basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
`;

const configurationText = (folder: string): string => `[req]
distinguished_name = subject
prompt = no
[subject]
CN = unused
[authority]
${CA_EXTENSIONS}
[ca]
default_ca = signing
[signing]
database = ${folder}/index.txt
unique_subject = no
rand_serial = yes
new_certs_dir = ${folder}
default_md = default
policy = any
email_in_dn = no
[any]
commonName = supplied
`;

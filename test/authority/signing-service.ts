import { DataLocalCommand } from "@cdktf/provider-local/lib/data-local-command";
import { Fn, TerraformLocal, TerraformResource, Token } from "cdktf";
import { Construct } from "constructs";

import type { CertificateIssueRequest, IIssuingCertificateAuthority, IssuedCertificate } from "../../lib";

/** Properties of a CA that a service of its own signs for. */
export interface SigningServiceProps {
  /** The program that stands for the service. */
  readonly program: string;
  /** The folder where the service keeps its key. */
  readonly folder: string;
}

/**
 * CA as a user writes one, against the public exports alone: a service outside of Terraform has the key and signs. Its
 * anchor is known only once the service was created, by the apply.
 */
export class SigningService extends Construct implements IIssuingCertificateAuthority {
  public readonly canIssue = true;
  public readonly trustBundlePem: string;
  public readonly fingerprintSha256: string;
  public readonly spkiPinsSha256: string[];

  private readonly service: TerraformResource;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SigningServiceProps,
  ) {
    super(scope, id);
    this.service = new TerraformResource(this, "service", {
      terraformResourceType: "terraform_data",
      terraformGeneratorMetadata: { providerName: "terraform" },
    });
    const anchor = this.call(this, "anchor", {});
    this.trustBundlePem = anchor("certificate");
    this.fingerprintSha256 = anchor("fingerprint");
    this.spkiPinsSha256 = [anchor("pin")];
  }

  public issue(scope: Construct, id: string, request: CertificateIssueRequest): IssuedCertificate {
    const issued = this.call(scope, id, {
      request: request.requestPem,
      uses: request.allowedUses,
      hours: request.validity.validityPeriodHours,
    });
    const certificatePem = issued("certificate");
    return {
      certificatePem,
      chainPem: certificatePem,
      anchorPem: this.trustBundlePem,
      validityEndTime: issued("end"),
    };
  }

  private call(scope: Construct, id: string, input: Record<string, unknown>): (name: string) => string {
    const { stdout } = new DataLocalCommand(scope, id, {
      command: "node",
      arguments: [this.props.program],
      stdin: Fn.jsonencode({
        ...input,
        service: this.service.getStringAttribute("id"),
        folder: this.props.folder,
        name: this.node.id,
      }),
    });
    const answer = new TerraformLocal(scope, `${id}-answer`, Fn.jsondecode(stdout));
    return (name) => Token.asString(Fn.lookupNested(answer.expression, [name]));
  }
}

/** The service: OpenSSL with a key that it makes once, and the same certificate for the same request. */
export const SIGNING_PROGRAM = `
const { execFileSync } = require("node:child_process");
const { createHash, X509Certificate } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const text = fs.readFileSync(0, "utf8");
const { folder, name, request, uses, hours } = JSON.parse(text);
const file = (name) => path.join(folder, name);
const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
if (!fs.existsSync(folder)) {
  // Terraform starts several of these at once: each makes a key in a folder of its own, and the first one stays.
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const made = fs.mkdtempSync(folder + "-");
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
    "-subj", "/O=Example/CN=" + name, "-addext", "basicConstraints=critical,CA:TRUE",
    "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", path.join(made, "ca.key"),
    "-out", path.join(made, "ca.pem"));
  try {
    fs.renameSync(made, folder);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
    fs.rmSync(made, { recursive: true });
  }
}
let certificate = file("ca.pem");
if (request !== undefined) {
  const leaf = createHash("sha256").update(text).digest("hex");
  certificate = file(leaf + ".pem");
  if (!fs.existsSync(certificate)) {
    const known = (list) => uses.filter((use) => list.includes(use)).join(",");
    fs.writeFileSync(file(leaf + ".csr"), request);
    fs.writeFileSync(file(leaf + ".cnf"), [
      "basicConstraints=critical,CA:FALSE",
      "keyUsage=critical," + known(["digitalSignature", "keyEncipherment"]),
      "extendedKeyUsage=" + known(["serverAuth", "clientAuth"]),
      "subjectKeyIdentifier=hash",
      "authorityKeyIdentifier=keyid",
    ].join("\\n"));
    openssl("x509", "-req", "-in", file(leaf + ".csr"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-copy_extensions",
      "copy", "-extfile", file(leaf + ".cnf"), "-days", String(Math.ceil(hours / 24)), "-out", certificate);
  }
}
const pem = fs.readFileSync(certificate, "utf8");
const x509 = new X509Certificate(pem);
const spki = x509.publicKey.export({ type: "spki", format: "der" });
process.stdout.write(JSON.stringify({
  certificate: pem,
  end: new Date(x509.validTo).toISOString().replace(".000", ""),
  fingerprint: x509.fingerprint256.replace(/:/g, "").toLowerCase(),
  pin: createHash("sha256").update(spki).digest("base64"),
}));
`;

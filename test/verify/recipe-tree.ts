import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { JsonReport } from "./fleet-fixture";
import { findingLines, fleetTls } from "./fleet-fixture";

/** CAs and certificates as a person makes them with OpenSSL alone, and a one-way tree of three hosts. */
const PKI = `
umask 077
ec() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out "$1.key"; }
ca() { ec "$1"; openssl req -x509 -new -key "$1.key" -out "$1.pem" -days 3650 -subj "/CN=$2" \\
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign; }
# sign NAME CA DAYS < EXTENSIONS
sign() { cat > "$1.ext"; [ -f "$1.key" ] || ec "$1"; openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$3" -extfile "$1.ext" -out "$1.pem"; }
# below NAME CA [EXTENSION]: a CA issued by another
below() { printf 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign,cRLSign\\nsubjectKeyIdentifier=hash\\nauthorityKeyIdentifier=keyid\\n%s\\n' "$3" |
  sign "$1" "$2" 3000; }
# leaf NAME CA NAMES [USAGE]
leaf() { printf 'basicConstraints=CA:FALSE\\nsubjectKeyIdentifier=hash\\nauthorityKeyIdentifier=keyid\\nkeyUsage=critical,digitalSignature\\nextendedKeyUsage=%s\\nsubjectAltName=%s\\n' "\${4-serverAuth}" "$3" |
  sign "$1" "$2" 300; }
# encrypted KEY FILE: as Elastic's page encrypts it
encrypted() { openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -passout pass:correct-horse -in "$1" -out "$2"; }
D=/etc/elastic-agent/certs
FS=DNS:fleet.example.com,DNS:localhost,IP:127.0.0.1,IP:::1
mkdir -p out/fleet-server out/elasticsearch out/agents/web-1
ca fleet-ca "private fleet CA"; ca es-ca "private es CA"
leaf fleet fleet-ca "$FS"; leaf es es-ca DNS:es.example.com
cp fleet-ca.pem es-ca.pem out/fleet-server/; cp fleet.pem out/fleet-server/fleet-cert.pem
cp fleet.key out/fleet-server/fleet-cert-key.pem; printf tok > out/fleet-server/service-token
cp es-ca.pem out/elasticsearch/; cat es.pem es-ca.pem > out/elasticsearch/es-cert.pem
cp es.key out/elasticsearch/es-cert-key.pem; cp fleet-ca.pem es-ca.pem out/agents/web-1/
echo "elastic-agent install -n --url=https://fleet.example.com:8220 --certificate-authorities=$D/fleet-ca.pem --fleet-server-es=https://es.example.com:9200 --fleet-server-es-ca=$D/es-ca.pem --fleet-server-cert=$D/fleet-cert.pem --fleet-server-cert-key=$D/fleet-cert-key.pem --fleet-server-service-token-path=$D/service-token --fleet-server-policy=p --fleet-server-port=8220" > out/fleet-server/install-command.sh
echo "elastic-agent install -n --url=https://fleet.example.com:8220 --enrollment-token=t --certificate-authorities=$D/fleet-ca.pem" > out/agents/web-1/install-command.sh
# trust FILE: the fleet CA of every host
trust() { cp "$1" out/fleet-server/fleet-ca.pem; cp "$1" out/agents/web-1/fleet-ca.pem; }
# serve FILE KEY: what Fleet Server presents
serve() { cp "$1" out/fleet-server/fleet-cert.pem; cp "$2" out/fleet-server/fleet-cert-key.pem; }
# mutual: an agent pair on web-1, required by Fleet Server
mutual() { ca agent-ca "private agent CA"; leaf web-1 agent-ca DNS:web-1 clientAuth
  leaf own agent-ca DNS:own clientAuth
  cp agent-ca.pem out/fleet-server/; cp own.pem out/fleet-server/agent-cert.pem; cp own.key out/fleet-server/agent-cert-key.pem
  cp web-1.pem out/agents/web-1/agent-cert.pem; cp web-1.key out/agents/web-1/agent-cert-key.pem
  sed -i "s#\\$# --elastic-agent-cert=$D/agent-cert.pem --elastic-agent-cert-key=$D/agent-cert-key.pem#" out/*/install-command.sh out/agents/*/install-command.sh
  sed -i "s#fleet-ca.pem #fleet-ca.pem,$D/agent-ca.pem #; s#\\$# --fleet-server-client-auth=required#" out/fleet-server/install-command.sh; }
# passphrase: the key of web-1 encrypted, with its passphrase in a file
passphrase() { mutual; encrypted web-1.key out/agents/web-1/agent-cert-key.pem; printf correct-horse > out/agents/web-1/agent-cert-key-passphrase
  sed -i "s#\\$# --elastic-agent-cert-key-passphrase=$D/agent-cert-key-passphrase#" out/agents/web-1/install-command.sh; }
`;

/** Trees that are made by scripts, each in a folder of its own. */
export class RecipeTrees {
  private readonly folder = mkdtempSync(join(tmpdir(), "fleet-tls-recipes-"));

  /** The findings of the tree that a script makes of the one above, one a line. */
  public async linesOf(script: string, ...args: string[]): Promise<string[]> {
    const { out, err, root } = await this.run(script, "--json", ...args);
    if (err !== "") throw new Error(err);
    return findingLines(JSON.parse(out) as JsonReport, root);
  }

  /** What is printed for that tree. */
  public async run(script: string, ...args: string[]): Promise<{ out: string; err: string; root: string }> {
    const place = mkdtempSync(join(this.folder, "recipe-"));
    writeFileSync(join(place, "make.sh"), `set -eu\n${PKI}\n${script}`);
    execFileSync("sh", ["make.sh"], { cwd: place, stdio: "pipe" });
    const root = join(place, "out");
    const { out, err } = await fleetTls(["verify", "--strict", root, ...args]);
    return { out, err, root };
  }

  public dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

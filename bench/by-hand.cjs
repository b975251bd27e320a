// What a mutual fleet's agents are made of, written by hand with cdktf's bindings: what cdktf itself costs, and so what
// this library adds. node bench/by-hand.cjs AGENTS mutual OUTDIR
const { File } = require("@cdktf/provider-local/lib/file");
const { LocalProvider } = require("@cdktf/provider-local/lib/provider");
const { SensitiveFile } = require("@cdktf/provider-local/lib/sensitive-file");
const { CertRequest } = require("@cdktf/provider-tls/lib/cert-request");
const { LocallySignedCert } = require("@cdktf/provider-tls/lib/locally-signed-cert");
const { PrivateKey } = require("@cdktf/provider-tls/lib/private-key");
const { TlsProvider } = require("@cdktf/provider-tls/lib/provider");
const { SelfSignedCert } = require("@cdktf/provider-tls/lib/self-signed-cert");
const { App, TerraformLocal, TerraformOutput, TerraformStack } = require("cdktf");
const { Construct } = require("constructs");

const [agents, , outdir] = process.argv.slice(2);
const started = process.hrtime.bigint();
const app = new App({ outdir });
const stack = new TerraformStack(app, "bench");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");

const caKey = new PrivateKey(stack, "ca-key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
const ca = new SelfSignedCert(stack, "ca", {
  privateKeyPem: caKey.privateKeyPem,
  isCaCertificate: true,
  allowedUses: ["cert_signing"],
  validityPeriodHours: 87600,
  subject: [{ commonName: "ca" }],
});
const commands = {};
for (let i = 1; i <= Number(agents); i++) {
  const id = `web-${i}`;
  const agent = new Construct(stack, id);
  const key = new PrivateKey(agent, "key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const request = new CertRequest(agent, "request", {
    privateKeyPem: key.privateKeyPem,
    subject: [{ commonName: id }],
  });
  const certificate = new LocallySignedCert(agent, "certificate", {
    certRequestPem: request.certRequestPem,
    caCertPem: ca.certPem,
    caPrivateKeyPem: caKey.privateKeyPem,
    allowedUses: ["digital_signature", "client_auth"],
    validityPeriodHours: 9528,
    earlyRenewalHours: 3192,
    setSubjectKeyId: true,
  });
  const command = `elastic-agent install --url=https://fleet.example.com:8220 --elastic-agent-cert=/etc/${id}.pem`;
  const files = { "fleet-ca.pem": ca.certPem, "es-ca.pem": ca.certPem, "agent-cert.pem": certificate.certPem };
  for (const [name, content] of Object.entries({ ...files, "install-command.sh": command })) {
    new File(agent, name, { filename: `${id}/${name}`, content, filePermission: "0644", directoryPermission: "0700" });
  }
  new SensitiveFile(agent, "agent-cert-key.pem", {
    filename: `${id}/agent-cert-key.pem`,
    content: key.privateKeyPemPkcs8,
    filePermission: "0600",
    directoryPermission: "0700",
  });
  commands[id] = new TerraformLocal(agent, "command", command).asString;
}
new TerraformOutput(stack, "commands", { value: commands });
app.synth();
const synthSeconds = Number(process.hrtime.bigint() - started) / 1e9;
process.stdout.write(JSON.stringify({ synthSeconds, commandSeconds: 0 }));

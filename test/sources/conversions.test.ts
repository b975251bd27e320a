import { execFileSync } from "node:child_process";
import * as fs from "node:fs";

import { BINARY } from "../../lib/private/given/file-content";
import { storeCommands } from "../../lib/private/x509/conversion";
import { readCertificates } from "../../lib/private/x509/checks";
import { classifyPrivateKey } from "../../lib/private/x509/pkcs8";
import { runProgram } from "../programs/run";
import { CA, GivenPki } from "./given-pki";

const pki = new GivenPki();
const PASSWORD = "Changeit-9";
const OLD = ["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"];

beforeAll(() => {
  pki.certificate("root");
  pki.certificate("ca", { issuer: "root", extensions: [...CA, "authorityKeyIdentifier=keyid"] });
  const leaf = ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth", "authorityKeyIdentifier=keyid"];
  pki.certificate("leaf", { issuer: "root", extensions: leaf });
  const store = (name: string, key: string, ...how: string[]): void =>
    void pki.openssl(
      ...["pkcs12", "-export", "-in", `${key}.pem`, "-inkey", `${key}-key.pem`, "-certfile", "root.pem"],
      ...[...how, "-passout", `pass:${PASSWORD}`, "-out", name],
    );
  store("modern.p12", "ca", "-name", "ca");
  store("legacy.p12", "ca", ...OLD);
  store("triple des.p12", "ca", "-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1");
  store("leaf.p12", "leaf");
  pki.openssl("pkcs12", "-export", "-nokeys", "-in", "root.pem", "-passout", `pass:${PASSWORD}`, "-out", "trust.p12");
  pki.openssl("crl2pkcs7", "-nocrl", "-certfile", "root.pem", "-out", "text.p7b");
  pki.openssl("crl2pkcs7", "-nocrl", "-certfile", "root.pem", "-outform", "der", "-out", "binary.p7b");
  pki.openssl("x509", "-in", "root.pem", "-outform", "der", "-out", "root.cer");
  pki.rewrite("root.pem", "root-der.pem", "x509", "-outform", "der");
  pki.openssl("pkey", "-in", "ca-key.pem", "-outform", "der", "-out", "sec1.der", "-traditional");
  pki.openssl("pkcs8", "-topk8", "-nocrypt", "-in", "ca-key.pem", "-outform", "der", "-out", "pkcs8.der");
  pki.openssl(
    ...["pkcs8", "-topk8", "-in", "ca-key.pem", "-outform", "der", "-passout", `pass:${PASSWORD}`],
    ...["-out", "locked.der"],
  );
  for (const [kind, name] of [
    ["JKS", "ca.jks"],
    ["JCEKS", "other.jceks"],
    ["JKS", "host.jks"],
  ] as const) {
    keytool(
      ...["-importkeystore", "-srckeystore", "modern.p12", "-srcstorepass", PASSWORD, "-destkeystore", name],
      ...["-deststoretype", kind, "-deststorepass", PASSWORD],
    );
  }
  keytool(
    ...["-importcert", "-noprompt", "-alias", "root", "-file", "root.pem", "-keystore", "trust.jks"],
    ...["-storetype", "JKS", "-storepass", PASSWORD],
  );
});
afterAll(() => pki.dispose());

function keytool(...args: string[]): void {
  execFileSync("keytool", args, { cwd: pki.folder, stdio: "ignore" });
}

/** Runs a command as a user types it. Without a terminal, passwords are read from stdin, which keytool reads whole. */
function run(command: string, answers: number): void {
  const input = `${PASSWORD}\n`.repeat(answers);
  for (const one of command.split(" && ")) {
    execFileSync("setsid", ["-w", "sh", "-ec", one], { cwd: pki.folder, input, stdio: ["pipe", "ignore", "ignore"] });
  }
}

/** A file as Terraform's expression hands it over. */
function content(file: string): string {
  const bytes = fs.readFileSync(pki.path(file));
  return bytes.toString("utf8").includes("\ufffd") || bytes.includes(0)
    ? `${BINARY}${bytes.toString("base64")}`
    : bytes.toString("utf8");
}

interface Files {
  readonly certificate: string;
  readonly chain?: string;
  readonly privateKey?: string;
}

function read({ certificate, chain, privateKey }: Files): ReturnType<typeof runProgram> {
  const named = (what: string, file?: string): string => (file === undefined ? what : `${what} (${file})`);
  return runProgram("read-authority", {
    what: "stack/ca",
    parts: {
      certificate: named("the certificate", certificate),
      chain: named("the chain", chain),
      privateKey: named("the private key", privateKey),
    },
    certificate: content(certificate),
    ...(chain && { chain: content(chain) }),
    ...(privateKey && { privateKey: content(privateKey) }),
    issuing: privateKey !== undefined,
  });
}

/** The command of a refusal, and the file that it writes. */
function advised(text: string): { command: string; writes: string } {
  const command = /convert it and use the result: (.*)/.exec(text)?.[1] ?? "";
  const writes = /(?:-out|>) ('[^']*'|\S+)$/.exec(command)?.[1]?.replace(/'/g, "") ?? "";
  return { command, writes };
}

const P12 = { certificate: "-nokeys -clcerts", chain: "-nokeys -cacerts", privateKey: "-nocerts -nodes" } as const;

describe.each([
  ["modern.p12", "", 1],
  ["legacy.p12", "-legacy", 1],
  ["triple des.p12", "", 1],
])("the parts of a CA in the PKCS#12 store %s", (file, flag, answers) => {
  test.each(["certificate", "chain", "privateKey"] as const)("are written by the advised command: %s", (part) => {
    const files: Files = { certificate: "ca.pem", chain: "root.pem", privateKey: "ca-key.pem", [part]: file };
    const { status, stderr } = read(files);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/is a PKCS#12 store, binary, where PEM is read; convert it/) as string,
    });
    const { command, writes } = advised(stderr);
    expect(command).toContain(P12[part]);
    expect(command.includes("-legacy")).toBe(flag !== "");
    run(command, answers);
    expect(read({ ...files, [part]: writes })).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("what is given as a CA to trust is written as PEM by the advised command:", () => {
  test.each([
    ["a PKCS#12 store of certificates", "trust.p12", /PKCS#12 store/, 1],
    ["a PKCS#7 file in PEM", "text.p7b", /a PKCS#7 block/, 0],
    ["a PKCS#7 file in DER", "binary.p7b", /PKCS#7 file, binary/, 0],
    ["a certificate in DER", "root.cer", /is DER, binary/, 0],
    ["a certificate in DER under the ending of PEM", "root-der.pem", /is DER, binary/, 0],
    ["a Java keystore", "trust.jks", /Java keystore/, 1],
  ])("%s", (_, file, says, answers) => {
    const { status, stderr } = read({ certificate: file });
    expect(status).toBe(1);
    expect(stderr).toMatch(says);
    const { command, writes } = advised(stderr);
    expect(writes).not.toBe(file);
    run(command, answers);
    expect(read({ certificate: writes })).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("a CA's key is written as PEM by the advised command:", () => {
  test.each([
    ["PKCS#8 in DER", "pkcs8.der", 0, false],
    ["SEC1 in DER", "sec1.der", 0, false],
    ["an encrypted key in DER", "locked.der", 3, true],
    ["a Java keystore", "ca.jks", 3, false],
    ["a JCEKS keystore", "other.jceks", 3, false],
  ])("%s", (_, file, answers, isEncrypted) => {
    const files = { certificate: "ca.pem", chain: "root.pem", privateKey: file };
    const { status, stderr } = read(files);
    expect(status).toBe(1);
    const { command, writes } = advised(stderr);
    run(command, answers);
    if (isEncrypted) {
      const what = `stack/ca: the private key (${writes})`;
      const decrypt = { what, privateKey: content(writes), passphrase: PASSWORD };
      expect(runProgram("decrypt-key", { ...decrypt, privateKey: content(file) }).stderr).toContain(
        "is DER, binary, where PEM is read",
      );
      expect(runProgram("decrypt-key", decrypt)).toMatchObject({ status: 0, stderr: "" });
    } else {
      expect(read({ ...files, privateKey: writes })).toMatchObject({ status: 0, stderr: "" });
    }
  });
});

describe("verify names the commands for the certificates and the key of", () => {
  test.each([
    ["modern.p12", 1, 1],
    ["legacy.p12", 1, 1],
    ["leaf.p12", 1, 1],
    ["host.jks", 1, 3],
  ])("%s", (file, first, second) => {
    const [certificates, key] = storeCommands(fs.readFileSync(pki.path(file)), file);
    run(certificates!, first);
    run(key!, second);
    const base = file.replace(/\..*/, "");
    const read = readCertificates(fs.readFileSync(pki.path(`${base}.pem`)));
    expect(read.findings).toEqual([]);
    expect(read.certificates).toHaveLength(2);
    expect(classifyPrivateKey(fs.readFileSync(pki.path(`${base}-key.pem`))).encryption).toBeUndefined();
  });

  test.each(["text.p7b", "binary.p7b"])("%s, which has no key", (file) => {
    const commands = storeCommands(fs.readFileSync(pki.path(file)), file);
    expect(commands).toHaveLength(1);
    run(commands[0]!, 0);
    expect(readCertificates(fs.readFileSync(pki.path(file.replace("p7b", "pem")))).certificates).toHaveLength(1);
  });
});

test("an encrypted key that Node does not read is encrypted again by the advised command", () => {
  pki.openssl(
    ...["pkcs8", "-topk8", "-v1", "PBE-MD5-DES", "-in", "ca-key.pem", "-passout", `pass:${PASSWORD}`],
    ...["-provider", "legacy", "-provider", "default", "-out", "old-key.pem"],
  );
  const what = "stack/ca: the private key (old-key.pem)";
  const { stderr } = runProgram("decrypt-key", { what, privateKey: content("old-key.pem"), passphrase: PASSWORD });
  const command = /encrypt it again: (.*)/.exec(stderr)?.[1] ?? "";
  run(command, 3);
  const writes = /-out (\S+)/.exec(command)![1]!;
  const again = runProgram("decrypt-key", { what, privateKey: content(writes), passphrase: PASSWORD });
  expect(again).toMatchObject({ status: 0, stderr: "" });
});

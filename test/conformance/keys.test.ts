import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EC, Pki, RSA, SERVER } from "../support/pki";
import { encryptKey, traditionalKey } from "./pki";
import { onDemandNames, validatorNames } from "./programs";
import type { Answer, Capabilities } from "./protocol";
import { startValidators } from "./validators";
import type { Validator, Validators } from "./validators";

const names = process.env["CONFORMANCE_ON_DEMAND"] ? [...validatorNames, ...onDemandNames] : validatorNames;
const directory = mkdtempSync(join(tmpdir(), "conformance-keys-"));
let all: Validators;

beforeAll(async () => {
  all = await startValidators(names);
});

afterAll(async () => {
  await all.close();
  rmSync(directory, { recursive: true, force: true });
});

const KEYS = { ecdsa: EC, rsa: RSA, ed25519: ["-algorithm", "ED25519"] };

/** A server certificate below an intermediate, whose key each test asks for in one of its formats. */
function pkiOf(algorithm: Capabilities["algorithms"][number], format: string): Pki {
  const folder = join(directory, `${algorithm}-${format}`);
  const pki = new Pki(folder, KEYS[algorithm]);
  pki.authority("root");
  pki.authority("intermediate", "root");
  pki.leaf("server", "intermediate", SERVER, ["DNS:localhost"]);
  pki.chain("server", "intermediate");
  return pki;
}

/** Serves with the pair and connects to it, both by one validator where it can. */
async function shakeHands(
  validator: Validator,
  pki: Pki,
  certificate: string,
  key: string,
  passphrase: string | null,
): Promise<Answer<"serve" | "connect">> {
  const serving = await validator.request({ op: "serve", certificate, key, passphrase });
  if (!serving.ok) {
    return serving;
  }
  const cas = [pki.path("root.pem")];
  const client = [validator, ...all.validators].find((each) => each.can("connect"))!;
  const answer = await client.request({ op: "connect", port: serving.port, serverName: "localhost", cas });
  await validator.request({ op: "close", server: serving.server });
  return answer;
}

test.each([
  ["ecdsa", "pkcs8"],
  ["ecdsa", "sec1"],
  ["ecdsa", "sec1-parameters"],
  ["ecdsa", "pkcs8-encrypted"],
  ["rsa", "pkcs8"],
  ["rsa", "pkcs1"],
  ["rsa", "pkcs8-encrypted"],
  ["ed25519", "pkcs8"],
] as const)("keys are read, and chains with an intermediate served: %s, %s", async (algorithm, format) => {
  const pki = pkiOf(algorithm, format);
  const encrypted = format === "pkcs8-encrypted";
  if (encrypted) {
    encryptKey(pki, "server", "a passphrase");
  }
  const isTraditional = format.startsWith("sec1") || format === "pkcs1";
  const key = isTraditional ? traditionalKey(pki, "server") : pki.path("server-key.pem");
  if (format === "sec1-parameters") {
    // As `openssl ecparam -genkey` writes it.
    writeFileSync(key, `${pki.openssl("ecparam", "-name", "prime256v1")}${readFileSync(key, "utf8")}`);
  }
  const passphrase = encrypted ? pki.path("server-key-passphrase") : null;
  for (const validator of all.validators.filter((each) => each.can("serve"))) {
    const { algorithms, keys } = validator.capabilities;
    const able = algorithms.includes(algorithm) && keys.includes(format === "sec1-parameters" ? "sec1" : format);
    const answer = await shakeHands(validator, pki, pki.path("server-chain.pem"), key, passphrase);
    expect([validator.name, answer]).toEqual([validator.name, expect.objectContaining({ ok: able })]);
  }
});

test("a chain without its intermediate is refused", async () => {
  const pki = pkiOf("ecdsa", "leaf-alone");
  for (const validator of all.validators.filter((each) => each.can("serve"))) {
    const answer = await shakeHands(validator, pki, pki.path("server.pem"), pki.path("server-key.pem"), null);
    expect([validator.name, answer]).toEqual([validator.name, expect.objectContaining({ ok: false })]);
  }
});

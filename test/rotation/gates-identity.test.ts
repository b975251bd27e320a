import { CertificateAuthoritySource, KeyAlgorithm } from "../../lib";
import { certificatesOf } from "../support/openssl";
import { Pki } from "../support/pki";
import type { Step } from "./small-rotation";
import { DEFAULT, HOME, INTRODUCED, SmallRotation, SWITCHED } from "./small-rotation";
import { TerraformProcess } from "./terraform-process";

jest.setTimeout(600_000);

const rotation = new SmallRotation();
afterAll(() => rotation.dispose());

function given(name: string): CertificateAuthoritySource {
  const { certificate, key } = new Pki(rotation.project.path("own")).authority(name);
  return CertificateAuthoritySource.fromFiles({ certificate, privateKey: key });
}

const replaced = (source: CertificateAuthoritySource): Step => ({ sources: { "1": source } });

test("what stock Terraform does, another CA in place of the one that hosts trust, is refused at plan", async () => {
  await rotation.deploy(DEFAULT);
  expect(
    await rotation.refusal(replaced(CertificateAuthoritySource.generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 }))),
  ).toMatch(
    /stack\/ca: generation 1 would become another CA, which cuts off every host: it is "generated, CA 1, ECDSA P256", and would be "generated, CA 1, RSA 2048"; begin a rotation/,
  );
  expect(await rotation.refusal(replaced(CertificateAuthoritySource.generated({ commonName: "New ${CA}" })))).toMatch(
    /would be "generated, New \$\{CA\}, ECDSA P256"/,
  );
  expect(await rotation.refusal(replaced(given("Own Root")))).toMatch(/would be "given, CN=Own Root /);
});

test("so is a key that would be made anew without a word of it in the code", async () => {
  rotation.synth(DEFAULT);
  const key = rotation.project.state(HOME).find(({ type, name }) => type === "tls_private_key" && /^ca_/.test(name))!;
  await TerraformProcess.run(rotation.project, ["taint", `tls_private_key.${key.name}`]);
  expect(await rotation.refusal(DEFAULT)).toMatch(
    /Invalid count argument.*terraform_data\.ca_rotation_generation-1-key-guard/,
  );
  await TerraformProcess.run(rotation.project, ["untaint", `tls_private_key.${key.name}`]);
  expect(await rotation.pending()).toEqual({});
});

test("a given CA may be renewed with its key and name, and may not become another one", async () => {
  const own = given("Own Root");
  const sources = { "2": own };
  await rotation.deploy({ ...INTRODUCED, sources });
  await rotation.deploy({ ...SWITCHED, sources });
  const before = rotation.files;
  new Pki(rotation.project.path("own")).certificate("Own Root", { key: "Own Root", days: 60 });
  await rotation.deploy({ ...SWITCHED, sources });
  expect(rotation.files["ca.pem"]).not.toBe(before["ca.pem"]);
  expect(certificatesOf(rotation.outputFile("ca.pem"))[1]!.subject).toBe("CN=Own Root");
  given("Own Root");
  expect(await rotation.refusal({ ...SWITCHED, sources })).toMatch(
    /generation 2 would become another CA, .* it is "given, CN=Own Root (\S+)", and would be "given, CN=Own Root (?!\1)/,
  );
});

test("an emergency takes the new key, and holds on to that from then on", async () => {
  const sources = { "2": given("Own Root") };
  await rotation.deploy({ ...SWITCHED, sources, emergency: true });
  expect(await rotation.pending()).toEqual({});
  await rotation.deploy({ ...SWITCHED, sources });
  expect(await rotation.pending()).toEqual({});
  given("Own Root");
  expect(await rotation.refusal({ ...SWITCHED, sources })).toMatch(/generation 2 would become another CA/);
});

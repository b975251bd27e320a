import type { StableChange } from "../support/plan";
import { stablePlan } from "../support/plan";
import { TerraformProject } from "../support/terraform";

const STACKS = ["one-way", "mutual"];

describe("the plan that Terraform makes of main.ts", () => {
  const project = new TerraformProject();
  const plans: Record<string, Record<string, StableChange>> = {};
  const outputs: Record<string, Record<string, unknown>> = {};

  beforeAll(async () => {
    await project.synthMain();
    await Promise.all(
      STACKS.map(async (stack) => {
        const { json } = await project.plan(stack);
        plans[stack] = stablePlan(json);
        outputs[stack] = Object.fromEntries(
          Object.entries(json.output_changes ?? {}).map(([name, { after, after_sensitive }]) => [
            name,
            { after, sensitive: after_sensitive },
          ]),
        );
      }),
    );
  });
  afterAll(() => project.dispose());

  const changes = (stack: string, type: string) =>
    Object.entries(plans[stack]!).filter(([, change]) => change.type === type);
  const files = (stack: string): [string, StableChange][] => [
    ...changes(stack, "local_file"),
    ...changes(stack, "local_sensitive_file"),
  ];
  const known = ([, change]: [string, StableChange], attribute: string) => change.known[attribute];
  const nameOf = (entry: [string, StableChange]) => String(known(entry, "filename")).split("/").at(-1)!;

  test.each(STACKS)("is for %s what it was", (stack) => {
    expect(plans[stack]).toMatchSnapshot();
    expect(outputs[stack]).toMatchSnapshot();
  });

  describe.each(STACKS)("for %s", (stack) => {
    test("only creates, and reads the programs it runs", () => {
      for (const [address, { actions }] of Object.entries(plans[stack]!)) {
        expect([address, actions]).toEqual([address, address.startsWith("data.") ? "read" : "create"]);
      }
    });

    test("contains nothing of the machine that synthesised it", () => {
      const paths = files(stack).map((file) => known(file, "filename"));
      for (const path of paths) expect(path).toMatch(/^\.\/\.\.\/\.\.\/\.\.\/fleet-tls\//);
      expect(JSON.stringify(plans[stack])).not.toContain(project.folder);
      expect(JSON.stringify(plans[stack])).not.toContain(process.cwd());
    });

    test("closes every folder to all but its owner", () => {
      for (const file of files(stack)) expect(known(file, "directory_permission")).toBe("0700");
    });

    test("makes certificates, commands, settings and the runbook readable, keys and passphrases private", () => {
      for (const file of changes(stack, "local_file")) {
        expect(known(file, "file_permission")).toBe("0644");
        expect(nameOf(file)).toMatch(
          /^((fleet|es|agent|es-client)-ca|(fleet|es|agent|fleet-es)-cert)\.pem$|^(install-command\.sh|elasticsearch\.tls\.yml|RUNBOOK\.md|index\.html)$/,
        );
      }
      for (const file of changes(stack, "local_sensitive_file")) {
        expect(known(file, "file_permission")).toBe("0600");
        expect(nameOf(file)).toMatch(/-key\.pem$|-key-passphrase$/);
        expect(file[1].sensitive).toMatch(/\bcontent\b/);
      }
    });

    test("makes every CA a CA that signs certificates and lists of revoked ones, and serves nothing else", () => {
      const authorities = changes(stack, "tls_self_signed_cert");
      expect(authorities).toHaveLength(stack === "mutual" ? 3 : 2);
      for (const authority of authorities) {
        expect(authority[1].known).toMatchObject({
          is_ca_certificate: true,
          allowed_uses: ["cert_signing", "crl_signing"],
          set_subject_key_id: true,
          set_authority_key_id: true,
          validity_period_hours: 87600,
          early_renewal_hours: 2 * 397 * 24,
        });
      }
    });

    test("makes every leaf a server's or a client's, never both and never a CA", () => {
      const leaves = changes(stack, "tls_locally_signed_cert");
      expect(leaves).toHaveLength(stack === "mutual" ? 6 : 2);
      for (const leaf of leaves) {
        const isServer = /_(fleet-cert|es-cert)_certificate_/.test(leaf[0]);
        expect(leaf[1].known).toMatchObject({
          is_ca_certificate: false,
          allowed_uses: ["digital_signature", isServer ? "server_auth" : "client_auth"],
          set_subject_key_id: true,
          validity_period_hours: 397 * 24,
          early_renewal_hours: 133 * 24,
        });
        expect(leaf[1].sensitive).toContain("ca_private_key_pem");
      }
    });

    test("names servers by their URLs' hosts, Fleet Server by localhost too, and gives clients no such name", () => {
      for (const request of changes(stack, "tls_cert_request")) {
        const { dns_names, ip_addresses } = request[1].known;
        const names = request[0].includes("_fleet-cert_")
          ? [
              ["fleet.example.com", "localhost"],
              ["127.0.0.1", "::1"],
            ]
          : request[0].includes("_es-cert_")
            ? [["es.example.com"], undefined]
            : [undefined, undefined];
        expect([request[0], dns_names, ip_addresses]).toEqual([request[0], ...names]);
      }
    });

    test("has every key on P-256, but for the random bits of a passphrase", () => {
      for (const key of changes(stack, "tls_private_key")) {
        const expected = key[0].includes("_entropy_")
          ? { algorithm: "ED25519" }
          : { algorithm: "ECDSA", ecdsa_curve: "P256" };
        expect(key[1].known).toMatchObject(expected);
      }
    });

    test("has outputs that are no secret, and shows them", () => {
      expect(Object.keys(outputs[stack]!)).toEqual([
        "fleet-agent-commands",
        "fleet-fleet-server-command",
        "fleet-next-renewal",
      ]);
      for (const output of Object.values(outputs[stack]!)) expect(output).toMatchObject({ sensitive: false });
    });
  });

  test("asks agents for certificates in the mutual stack alone", () => {
    const command = (stack: string) => JSON.stringify(outputs[stack]!["fleet-fleet-server-command"]);
    expect(command("mutual")).toContain("--fleet-server-client-auth=required");
    expect(command("one-way")).not.toContain("client-auth");
  });
});

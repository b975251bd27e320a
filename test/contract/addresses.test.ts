import type { FleetTls } from "../../lib";
import { KeyPassphrase, MutualFleetTls, OneWayFleetTls } from "../../lib";
import { fleetProps } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";

/*
 * A Terraform address that changes destroys what it names and creates it again: a key, a CA, a file on every host. So an
 * address is a contract, and a change of one of these lines is a new major version.
 */

/** Everything in the stack `one-way` of main.ts. */
const ONE_WAY = [
  "local_file.fleet_agents_web-1_files_es-capem_BB6D3205",
  "local_file.fleet_agents_web-1_files_fleet-capem_ACEAD7AB",
  "local_file.fleet_agents_web-1_files_install-commandsh_20BD14EC",
  "local_file.fleet_agents_web-2_files_es-capem_66EFE2C4",
  "local_file.fleet_agents_web-2_files_fleet-capem_961C03B0",
  "local_file.fleet_agents_web-2_files_install-commandsh_3A80F7FB",
  "local_file.fleet_elasticsearch_files_elasticsearchtlsyml_CCD91AA6",
  "local_file.fleet_elasticsearch_files_es-capem_F4BFE294",
  "local_file.fleet_elasticsearch_files_es-certpem_4B2A746A",
  "local_file.fleet_fleet-server_files_es-capem_B92F99A7",
  "local_file.fleet_fleet-server_files_fleet-capem_706274B8",
  "local_file.fleet_fleet-server_files_fleet-certpem_4A93BECA",
  "local_file.fleet_fleet-server_files_install-commandsh_08CD95C2",
  "local_file.fleet_runbook_file_20798B86",
  "local_sensitive_file.fleet_elasticsearch_files_es-cert-keypem_A8A4E5DE",
  "local_sensitive_file.fleet_fleet-server_files_fleet-cert-keypem_59C4E665",
  "terraform_data.fleet_elasticsearch-ca_rotation_anchor_1DD2A9A3",
  "terraform_data.fleet_elasticsearch-ca_rotation_deployed_FF30B7E3",
  "terraform_data.fleet_elasticsearch-ca_rotation_gate_99E82DDE",
  "terraform_data.fleet_elasticsearch-ca_rotation_generation-1-key-guard_E1D94A54",
  "terraform_data.fleet_elasticsearch-ca_rotation_issued-1_ACD60F7E",
  "terraform_data.fleet_elasticsearch-ca_rotation_known-1_6C4EB25F",
  "terraform_data.fleet_elasticsearch-ca_rotation_number_BB37F163",
  "terraform_data.fleet_elasticsearch-ca_rotation_set_294F7403",
  "terraform_data.fleet_elasticsearch-ca_rotation_signer_43E5E6C6",
  "terraform_data.fleet_elasticsearch-ca_rotation_trusted-1_5B5C5293",
  "terraform_data.fleet_fleet-ca_rotation_anchor_F164262F",
  "terraform_data.fleet_fleet-ca_rotation_deployed_64D4B559",
  "terraform_data.fleet_fleet-ca_rotation_gate_C56C01DF",
  "terraform_data.fleet_fleet-ca_rotation_generation-1-key-guard_4B94857A",
  "terraform_data.fleet_fleet-ca_rotation_issued-1_1F1390FC",
  "terraform_data.fleet_fleet-ca_rotation_known-1_9BE3F683",
  "terraform_data.fleet_fleet-ca_rotation_number_2C5FBD9F",
  "terraform_data.fleet_fleet-ca_rotation_set_55D1574E",
  "terraform_data.fleet_fleet-ca_rotation_signer_7806599D",
  "terraform_data.fleet_fleet-ca_rotation_trusted-1_368F09FE",
  "terraform_data.fleet_live_deployed_557DB90C",
  "terraform_data.fleet_live_gate_4D935C24",
  "terraform_data.fleet_live_host_C9AFD03D",
  "terraform_data.fleet_live_mode_44FF09F8",
  "terraform_data.fleet_live_name_D4090FC8",
  "terraform_data.fleet_live_number_3D43B6C0",
  "terraform_data.fleet_live_set_3E3C2763",
  "terraform_data.fleet_live_settings_B85AF2F7",
  "terraform_data.fleet_runbook_changes_client-authentication_EB471B04",
  "terraform_data.fleet_runbook_changes_completed_7511B8E4",
  "terraform_data.fleet_runbook_changes_file_agents--web-1_B79A960B",
  "terraform_data.fleet_runbook_changes_file_agents--web-2_C3EE73CB",
  "terraform_data.fleet_runbook_changes_file_elasticsearch_A1A7F80F",
  "terraform_data.fleet_runbook_changes_file_fleet-server_94DD39D1",
  "terraform_data.fleet_runbook_changes_file_shared_890ED77F",
  "terraform_data.fleet_runbook_changes_hosts_9D4AC7B3",
  "terraform_data.fleet_runbook_changes_last_4CD9301A",
  "terraform_data.fleet_runbook_changes_removed-hosts_seen_1B5280D2",
  "terraform_data.fleet_runbook_changes_removed-hosts_validity_E8DF66AE",
  "tls_cert_request.fleet_elasticsearch_es-cert_request_5916C71E",
  "tls_cert_request.fleet_fleet-server_fleet-cert_request_51A0F884",
  "tls_locally_signed_cert.fleet_elasticsearch_es-cert_certificate_C6ED0854",
  "tls_locally_signed_cert.fleet_fleet-server_fleet-cert_certificate_5B7EE072",
  "tls_private_key.fleet_elasticsearch-ca_generation-1_key_9BA8DEDB",
  "tls_private_key.fleet_elasticsearch_es-cert_key_DD84FE84",
  "tls_private_key.fleet_fleet-ca_generation-1_key_1AA1EEF3",
  "tls_private_key.fleet_fleet-server_fleet-cert_key_41740803",
  "tls_self_signed_cert.fleet_elasticsearch-ca_generation-1_certificate_3D1F5973",
  "tls_self_signed_cert.fleet_fleet-ca_generation-1_certificate_EF190B8C",
];

/** Everything else in the stack `mutual` of main.ts. */
const MUTUAL_ONLY = [
  "terraform_data.fleet_fleet-es-issuer_rotation_anchor_10A66EA5",
  "terraform_data.fleet_fleet-es-issuer_rotation_deployed_9720C652",
  "terraform_data.fleet_fleet-es-issuer_rotation_gate_7FE57352",
  "terraform_data.fleet_fleet-es-issuer_rotation_issued-1_6E0E85CA",
  "terraform_data.fleet_fleet-es-issuer_rotation_number_D5CE7982",
  "terraform_data.fleet_fleet-es-issuer_rotation_set_1A9D0A01",
  "terraform_data.fleet_fleet-es-issuer_rotation_signer_1ABAC11A",
  "terraform_data.fleet_fleet-es-issuer_rotation_trusted-1_6A73FB11",
  "data.local_command.fleet_agents_web-1_agent-cert_encrypted-key_encrypt_BAAE7409",
  "data.local_command.fleet_agents_web-2_agent-cert_encrypted-key_encrypt_49E2C26F",
  "data.local_command.fleet_fleet-server_agent-cert_encrypted-key_encrypt_1864E925",
  "data.local_command.fleet_operator-page_render_6C97F0E3",
  "local_file.fleet_agents_web-1_files_agent-certpem_683F0991",
  "local_file.fleet_agents_web-2_files_agent-certpem_9FD591B6",
  "local_file.fleet_elasticsearch_files_es-client-capem_5E9EC6ED",
  "local_file.fleet_fleet-server_files_agent-capem_3425127A",
  "local_file.fleet_fleet-server_files_agent-certpem_3BE9A03F",
  "local_file.fleet_fleet-server_files_fleet-es-certpem_5E7158C7",
  "local_file.fleet_operator-page_file_5288A04D",
  "local_sensitive_file.fleet_agents_web-1_files_agent-cert-key-passphrase_9E6BB45B",
  "local_sensitive_file.fleet_agents_web-1_files_agent-cert-keypem_3DBE3209",
  "local_sensitive_file.fleet_agents_web-2_files_agent-cert-key-passphrase_FF714E33",
  "local_sensitive_file.fleet_agents_web-2_files_agent-cert-keypem_28C0B5CE",
  "local_sensitive_file.fleet_fleet-server_files_agent-cert-key-passphrase_0AE34632",
  "local_sensitive_file.fleet_fleet-server_files_agent-cert-keypem_C4255BD0",
  "local_sensitive_file.fleet_fleet-server_files_fleet-es-cert-keypem_8A30BCB5",
  "terraform_data.fleet_agent-ca_rotation_anchor_F19F740F",
  "terraform_data.fleet_agent-ca_rotation_deployed_A57CB936",
  "terraform_data.fleet_agent-ca_rotation_gate_4E6FC5D7",
  "terraform_data.fleet_agent-ca_rotation_generation-1-key-guard_0DEAE810",
  "terraform_data.fleet_agent-ca_rotation_issued-1_AD2E21E5",
  "terraform_data.fleet_agent-ca_rotation_known-1_1BB0C317",
  "terraform_data.fleet_agent-ca_rotation_number_966130E4",
  "terraform_data.fleet_agent-ca_rotation_set_1F942303",
  "terraform_data.fleet_agent-ca_rotation_signer_B82C9D35",
  "terraform_data.fleet_agent-ca_rotation_trusted-1_57131AFC",
  "tls_cert_request.fleet_agents_web-1_agent-cert_request_3832EB27",
  "tls_cert_request.fleet_agents_web-2_agent-cert_request_0A437DEC",
  "tls_cert_request.fleet_fleet-server_agent-cert_request_56D9BB99",
  "tls_cert_request.fleet_fleet-server_fleet-es-cert_request_3920F54F",
  "tls_locally_signed_cert.fleet_agents_web-1_agent-cert_certificate_E71D08D1",
  "tls_locally_signed_cert.fleet_agents_web-2_agent-cert_certificate_D4CB25A6",
  "tls_locally_signed_cert.fleet_fleet-server_agent-cert_certificate_9B7D3547",
  "tls_locally_signed_cert.fleet_fleet-server_fleet-es-cert_certificate_F1B85FD2",
  "tls_private_key.fleet_agent-ca_generation-1_key_EFF917DD",
  "tls_private_key.fleet_agents_web-1_agent-cert_encrypted-key_entropy_DC434098",
  "tls_private_key.fleet_agents_web-1_agent-cert_key_117CBFB0",
  "tls_private_key.fleet_agents_web-2_agent-cert_encrypted-key_entropy_8909F6DF",
  "tls_private_key.fleet_agents_web-2_agent-cert_key_47213DAF",
  "tls_private_key.fleet_fleet-server_agent-cert_encrypted-key_entropy_0E1C752D",
  "tls_private_key.fleet_fleet-server_agent-cert_key_D364E634",
  "tls_private_key.fleet_fleet-server_fleet-es-cert_key_E796EF3F",
  "tls_self_signed_cert.fleet_agent-ca_generation-1_certificate_70CB49DC",
];

describe("main.ts", () => {
  const project = new TerraformProject();
  let stacks: Record<string, SynthesizedStack>;

  beforeAll(async () => {
    await project.synthMain();
    stacks = project.stacks;
  });
  afterAll(() => project.dispose());

  test("has two stacks", () => {
    expect(Object.keys(stacks)).toEqual(["mutual", "one-way"]);
  });

  test("has these addresses in its one-way stack, and no other", () => {
    expect(stacks["one-way"]!.addresses).toEqual([...ONE_WAY].sort());
  });

  test("has these addresses in its mutual stack, and no other", () => {
    expect(stacks["mutual"]!.addresses).toEqual([...ONE_WAY, ...MUTUAL_ONLY].sort());
  });

  test("has these outputs, without a hash in their names", () => {
    for (const stack of ["one-way", "mutual"]) {
      expect(Object.keys(stacks[stack]!.outputs)).toEqual([
        "fleet-agent-commands",
        "fleet-fleet-server-command",
        "fleet-next-renewal",
      ]);
    }
  });
});

describe("a fleet that grows", () => {
  function addresses(build: (fleet: FleetTls) => void): string[] {
    return synthStack((stack) => {
      const agentKeyPassphrase = KeyPassphrase.generated();
      build(new MutualFleetTls(stack, "fleet", { ...fleetProps(), agentKeyPassphrase }));
    }).addresses;
  }

  const before = addresses((fleet) => fleet.addAgent("web-1"));

  const growths: [string, (fleet: FleetTls) => void][] = [
    ["an agent", (fleet) => fleet.addAgent("web-0")],
    ["a Fleet Server", (fleet) => fleet.addFleetServer("fleet-b")],
    ["an Elasticsearch node", (fleet) => fleet.addElasticsearchNode("es-2")],
  ];
  test.each(growths)("by %s keeps every address", (_what, grow) => {
    const after = addresses((fleet) => {
      grow(fleet);
      fleet.addAgent("web-1");
    });
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.length).toBeGreaterThan(before.length);
  });

  test("keeps every address when it goes from one-way to mutual at the same id", () => {
    const [oneWay, mutual] = [OneWayFleetTls, MutualFleetTls].map(
      (Fleet) =>
        synthStack((stack) => {
          const fleet = new Fleet(stack, "fleet", fleetProps());
          fleet.addAgent("web-1");
          fleet.addFleetServer("fleet-b");
          fleet.addElasticsearchNode("es-2");
        }).addresses,
    ) as [string[], string[]];
    expect(mutual).toEqual(expect.arrayContaining(oneWay));
    expect(mutual.length).toBeGreaterThan(oneWay.length);
  });
});

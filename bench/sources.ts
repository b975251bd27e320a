import { TestStack } from "../test/support/apps";
import { fleetProps, secretVariable } from "../test/support/fleets";
import { TerraformProject } from "../test/support/terraform";
import { GivenPki } from "../test/sources/given-pki";
import type { AgentOptions, MutualFleetTlsProps } from "../lib";
import {
  CertificateAuthority,
  CertificateAuthoritySource,
  CertificateSource,
  KeyAlgorithm,
  KeyPassphrase,
  MutualFleetTls,
} from "../lib";
import { table } from "./measure";

const AGENTS = 20;
const PASSPHRASE = "a passphrase of this run alone";

const idOf = (index: number): string => `web-${index}`;
const requestOf = (index: number): string => `${idOf(index)}.csr`;

interface Scenario {
  readonly name: string;
  readonly fleet?: (stack: TestStack, pki: GivenPki) => Partial<MutualFleetTlsProps>;
  readonly agent?: (index: number, pki: GivenPki) => AgentOptions;
}

function companyCa(stack: TestStack): CertificateAuthority {
  return new CertificateAuthority(stack, "company", {
    source: CertificateAuthoritySource.generated(),
    commonName: "Company",
    keyAlgorithm: KeyAlgorithm.ECDSA_P384,
  });
}

/** Each differs from the first in one thing: where the agents' certificates come from. */
const SCENARIOS: Scenario[] = [
  { name: "generated, ECDSA P-256" },
  { name: "generated, RSA 2048", fleet: () => ({ keyAlgorithm: KeyAlgorithm.RSA_2048 }) },
  { name: "generated, encrypted keys", fleet: () => ({ agentKeyPassphrase: KeyPassphrase.generated() }) },
  {
    name: "keys encrypted with a person's passphrase",
    fleet: (stack) => ({ agentKeyPassphrase: KeyPassphrase.fromVariable(secretVariable(stack, "passphrase")) }),
  },
  {
    name: "an intermediate of the agents' CA",
    fleet: (stack) => ({
      agentCa: CertificateAuthoritySource.intermediate({ issuer: companyCa(stack), anchor: true }),
    }),
  },
  {
    name: "an existing CA",
    fleet: (stack) => ({ agentCa: CertificateAuthoritySource.existing(companyCa(stack)) }),
  },
  {
    name: "a CA in files",
    fleet: (_stack, pki) => ({
      agentCa: CertificateAuthoritySource.fromFiles({
        certificate: pki.path("company.pem"),
        privateKey: pki.path("company-key.pem"),
        dedicated: true,
      }),
    }),
  },
  {
    name: "a CA in files, its key encrypted",
    fleet: (stack, pki) => ({
      agentCa: CertificateAuthoritySource.fromFiles({
        certificate: pki.path("company.pem"),
        privateKey: pki.path("locked-key.pem"),
        passphrase: secretVariable(stack, "passphrase"),
        dedicated: true,
      }),
    }),
  },
  {
    name: "certificate requests, the keys on their hosts",
    agent: (index, pki) => ({
      certificate: CertificateSource.fromCertificateRequest({ file: pki.path(requestOf(index)) }),
    }),
  },
  {
    name: "pairs that are on their hosts",
    agent: () => ({
      certificate: CertificateSource.onHost({
        certificatePath: "/etc/pki/agent.pem",
        privateKeyPath: "/etc/pki/agent.key",
      }),
    }),
  },
];

/** What an apply and an empty plan of one mutual fleet take, by where its agents' certificates come from. */
export async function sourcesTable(): Promise<string> {
  const pki = new GivenPki();
  try {
    pki.dated("company", -1, 3650);
    pki.lock("company", "locked", PASSPHRASE, "pkcs8", "-topk8");
    pki.key("host");
    for (let index = 1; index <= AGENTS; index++) {
      pki.openssl("req", "-new", "-key", "host-key.pem", "-subj", `/CN=${idOf(index)}`, "-out", requestOf(index));
    }
    const rows: string[][] = [];
    for (const scenario of SCENARIOS) {
      rows.push([scenario.name, ...(await timesOf(scenario, pki))]);
    }
    return table(
      `Terraform, one mutual fleet of ${AGENTS} agents in one stack on local state`,
      ["source", "apply (s)", "plan with nothing to do (s)"],
      rows,
    );
  } finally {
    pki.dispose();
  }
}

async function timesOf({ fleet, agent }: Scenario, pki: GivenPki): Promise<string[]> {
  const project = new TerraformProject((app) => {
    const stack = new TestStack(app);
    const topology = new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...fleet?.(stack, pki) });
    for (let index = 1; index <= AGENTS; index++) {
      topology.addAgent(idOf(index), agent?.(index, pki));
    }
  });
  const variables = { passphrase: PASSPHRASE };
  try {
    const times: string[] = [];
    for (const step of ["apply", "plan"] as const) {
      const started = process.hrtime.bigint();
      await project[step]("stack", { variables });
      times.push((Number(process.hrtime.bigint() - started) / 1e9).toFixed(1));
    }
    return times;
  } finally {
    project.dispose();
  }
}

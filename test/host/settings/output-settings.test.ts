import type { OutputPaths } from "../../../lib";
import type { OutputSubject } from "../../../lib/host/output-settings";
import { differencesOf, groupedByOutput, outputSettings } from "../../../lib/host/output-settings";

const LINUX: OutputPaths = { elasticsearchCa: "/c/es-ca.pem", certificate: "/c/agent.pem", key: "/c/key.pem" };
const WINDOWS: OutputPaths = { elasticsearchCa: "C:\\es-ca.pem", certificate: "C:\\agent.pem", key: "C:\\key.pem" };

class Host implements OutputSubject {
  constructor(
    public readonly id: string,
    public readonly outputPaths: OutputPaths,
  ) {}
}

test("an inline CA comes before the file, and a fingerprint before both", () => {
  const authorities = (ca: object) => (outputSettings(LINUX, ca) as { ssl: object }).ssl;
  expect(authorities({})).toMatchObject({ certificate_authorities: ["/c/es-ca.pem"] });
  expect(authorities({ pem: "PEM" })).toMatchObject({ certificate_authorities: ["PEM"] });
  expect(authorities({ pem: "PEM", fingerprint: "ab" })).toMatchObject({ ca_trusted_fingerprint: "ab" });
  expect(authorities({ pem: "PEM", fingerprint: "ab" })).not.toHaveProperty("certificate_authorities");
});

test("where the CA's file is not named, it may differ", () => {
  const [one, other] = [new Host("one", LINUX), new Host("other", { ...LINUX, elasticsearchCa: "/d/es-ca.pem" })];
  expect(differencesOf(one, other, { pem: "PEM" })).toEqual([]);
  expect(differencesOf(one, other, {})).toEqual(['elasticsearchCa "/c/es-ca.pem" against "/d/es-ca.pem"']);
});

test("hosts are grouped by what one output can serve, in their order", () => {
  const hosts = [new Host("a", LINUX), new Host("w", WINDOWS), new Host("b", { ...LINUX })];
  const groups = groupedByOutput(hosts, { pem: "PEM" }).map((group) => group.map(({ id }) => id));
  expect(groups).toEqual([["a", "b"], ["w"]]);
});

test("in a one-way fleet, whose settings name no path, every host is of one group", () => {
  const hosts = [
    new Host("a", { elasticsearchCa: "/c/es-ca.pem" }),
    new Host("w", { elasticsearchCa: "C:\\es-ca.pem" }),
  ];
  expect(groupedByOutput(hosts, { pem: "PEM" })).toHaveLength(1);
  expect(groupedByOutput(hosts, {})).toHaveLength(2);
});

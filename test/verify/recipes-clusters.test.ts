import { RecipeTrees } from "./recipe-tree";

const trees = new RecipeTrees();
afterAll(() => trees.dispose());
const linesOf = trees.linesOf.bind(trees);

const said = (...lines: string[]): unknown[] => lines.map((line) => expect.stringContaining(line));

/** A second cluster with a CA of its own, whose CA file every host has, and an output for each cluster. */
const TWO = `
ca es2-ca "private es2 CA"; leaf es2 es2-ca DNS:es2.example.com
mkdir -p out/elasticsearch-2 out/outputs; cp es2-ca.pem out/elasticsearch-2/es-ca.pem
cat es2.pem es2-ca.pem > out/elasticsearch-2/es-cert.pem; cp es2.key out/elasticsearch-2/es-cert-key.pem
cp es2-ca.pem out/fleet-server/; cp es2-ca.pem out/agents/web-1/
# output FILE HOST CA
output() { printf 'type: elasticsearch\nhosts: ["https://%s:9200"]\nconfig.ssl.certificate_authorities: ["%s/%s"]\n' "$2" "$D" "$3" > "out/outputs/$1.yml"; }
output default es.example.com es-ca.pem
output two es2.example.com es2-ca.pem
`;

test("two clusters, each with its own CA, have no finding, with outputs and without", async () => {
  expect(await linesOf(TWO)).toEqual([]);
  expect(await linesOf(`${TWO}rm -r out/outputs`)).toEqual([]);
});

test.each([
  [
    "an output of the other cluster with the first one's CA",
    "output two es2.example.com es-ca.pem",
    "error elasticsearch-2/es-cert.pem: is refused by outputs/two.yml",
  ],
  [
    "an output for a name that neither cluster has",
    "output two es3.example.com es2-ca.pem",
    "error outputs/two.yml: has the host es3.example.com, which no Elasticsearch cert here has",
  ],
  [
    "another file on the second agent",
    `cp -a out/agents/web-1 out/agents/web-2; ca other "private es2 CA"; cp other.pem out/agents/web-2/es2-ca.pem`,
    "error elasticsearch-2/es-cert.pem: is refused by outputs/two.yml on agents/web-2",
  ],
  [
    "a Fleet Server of the other cluster with the first one's CA",
    "sed -i 's#https://es.example#https://es2.example#' out/fleet-server/install-command.sh",
    "error elasticsearch-2/es-cert.pem: is refused by fleet-server's es-ca.pem",
  ],
  [
    "a CA file of an output that is DER",
    `openssl x509 -in es2-ca.pem -outform der -out der; for host in fleet-server agents/web-1; do rm out/$host/es2-ca.pem; cp der out/$host/es2.crt; done
output two es2.example.com es2.crt`,
    "error outputs/two.yml: names es2.crt as a CA, in which",
  ],
  [
    "an output that verifies nothing",
    "echo 'config.ssl.verification_mode: none' >> out/outputs/two.yml",
    "warning outputs/two.yml: has ssl.verification_mode: none",
  ],
])("two clusters: %s", async (_, script, line) => {
  expect(await linesOf(`${TWO}\n${script}`)).toContainEqual(expect.stringContaining(line));
});

const agent = (...lines: string[]): string =>
  `cat > out/agents/web-1/install-command.sh <<'EOF'\n${lines.join("\n")}\nEOF`;
const INSTALL = "elastic-agent install -n --url=https://fleet.example.com:8220 --enrollment-token=t";

test.each([
  ["a default", "CERTS=${CERTS:-/etc/certs}", '"$CERTS/es-ca.pem"'],
  ["an argument", "", '"$1/es-ca.pem"'],
  ["a command", "", '"$(pwd)/es-ca.pem"'],
])("a CA file is known by its name if its folder is %s", async (_, assignment, path) => {
  const script = agent(assignment, `${INSTALL} --certificate-authorities=${path}`);
  expect(await linesOf(script)).toEqual(said("error agents/web-1: trusts es-ca.pem for Fleet Server"));
  expect(await linesOf(script.replace("es-ca", "fleet-ca"))).toEqual([]);
});

test("arguments that a script gets when it runs are not reported as missing, nor as words without a flag", async () => {
  expect(await linesOf(agent(`${INSTALL} "$@"`))).toEqual([]);
  expect(await linesOf(agent('elastic-agent install -n "$@"'))).toEqual([]);
});

test("a command that verifies nothing is reported, and an error if other flags are for TLS", async () => {
  const line = "agents/web-1/install-command.sh: --insecure disables the verification";
  expect(await linesOf(agent(`${INSTALL} --insecure`))).toEqual(said(`warning ${line}`));
  const both = agent(`${INSTALL} --insecure --certificate-authorities=/c/fleet-ca.pem`);
  expect(await linesOf(both)).toEqual(said(`error ${line}`));
});

test("files of other programs in an agent's folder are no errors", async () => {
  const others = `openssl req -x509 -newkey rsa:2048 -nodes -keyout out/agents/web-1/web.key -out out/agents/web-1/web.crt -subj /CN=web
openssl x509 -in es-ca.pem -outform der -out out/agents/web-1/corp.cer`;
  expect(await linesOf(others)).toEqual(said("warning agents/web-1/corp.cer: is DER"));
  expect(await linesOf("cp fleet-ca.key out/agents/web-1/root.key")).toEqual(
    said("error agents/web-1/root.key: is the private key of a CA"),
  );
});

test("a secret in the place of its file's path is not printed", async () => {
  for (const flag of ["cert-key-passphrase", "service-token-path"]) {
    const script = `sed -i 's# --fleet-server-${flag}=[^ ]*##; s#$# --fleet-server-${flag}=hunter2#' out/fleet-server/install-command.sh`;
    const { out } = await trees.run(script);
    expect(out).toContain(`--fleet-server-${flag} is not absolute`);
    expect(out).not.toContain("hunter2");
  }
});

import {
  CertificateAuthoritySource,
  CertificateSource,
  EnrollmentToken,
  ExternalFleetTls,
  MutualFleetTls,
  TargetPlatform,
} from "../../lib";
import type { Prerequisite } from "../../lib/fleet/prerequisite";
import { mergedPrerequisites, prerequisiteLine } from "../../lib/fleet/prerequisite";
import { fleetPrerequisites } from "../../lib/fleet/private/prerequisites";
import { withStack } from "../support/apps";
import { fleetProps } from "../support/fleets";

test("the policy, tokens in variables, files that are on hosts only, certificate requests, and how Windows runs a script", () => {
  const lines = withStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", {
      ...fleetProps(),
      elasticsearchCa: CertificateAuthoritySource.trustOnly({ hostPath: "/etc/ssl/company.pem", dedicated: true }),
    });
    for (const id of ["web-1", "web-2", "web-3", "web-4"]) fleet.addAgent(id);
    fleet.addAgent("pod", { container: true });
    fleet.addAgent("desk-1", {
      platform: TargetPlatform.WINDOWS,
      enrollmentToken: EnrollmentToken.fromEnvironment("DESKTOP_TOKEN"),
      certificate: CertificateSource.onHost({
        certificatePath: "C:\\pki\\desk.pem",
        privateKeyPath: "C:\\pki\\desk-key.pem",
      }),
    });
    fleet.addAgent("vault-1", {
      certificate: CertificateSource.fromCertificateRequest({ file: "requests/vault-1.csr" }),
      enrollmentToken: EnrollmentToken.fromEnvironment("DESKTOP_TOKEN"),
    });
    return fleetPrerequisites(fleet, fleet.hosts).map(prerequisiteLine);
  });
  expect(lines).toEqual([
    "the policy `fleet-server-policy` in Kibana, with the Fleet Server integration",
    "the file `/etc/ssl/company.pem` on the host, for `--fleet-server-es-ca`: fleet-server",
    "the file `/etc/elastic-agent/certs/service-token` on the host, for `--fleet-server-service-token-path`: fleet-server",
    "the variable `FLEET_ENROLLMENT_TOKEN` in the shell, for `--enrollment-token`: web-1, web-2, web-3 and 1 more",
    "the variable `FLEET_ENROLLMENT_TOKEN` in the container's environment, for `--enrollment-token`: pod",
    "the variable `DESKTOP_TOKEN` in the shell, for `--enrollment-token`: desk-1, vault-1",
    "the file `C:\\pki\\desk.pem` on the host, for `--elastic-agent-cert`: desk-1",
    "the file `C:\\pki\\desk-key.pem` on the host, for `--elastic-agent-cert-key`: desk-1",
    "the file `/etc/elastic-agent/certs/agent-cert-key.pem` on the host, for `--elastic-agent-cert-key`: vault-1",
    "the certificate request `requests/vault-1.csr`, which the script `request-agent-cert` of the host's folder creates on the host; then deploy again: vault-1",
    "on Windows, a PowerShell that runs as administrator: `powershell -NoProfile -ExecutionPolicy Bypass -File 'C:\\ProgramData\\elastic-agent-certs\\install-command.ps1'`",
  ]);
});

test("of several stacks, each is there once, with the hosts of all", () => {
  const one = (hosts: string[], moreHosts = 0): Prerequisite => ({ text: "a variable", hosts, moreHosts });
  const merged = mergedPrerequisites([
    one(["a", "b"]),
    one(["c", "d"], 5),
    { text: "a policy", hosts: [], moreHosts: 0 },
  ]);
  expect(merged.map(prerequisiteLine)).toEqual(["a variable: a, b, c and 6 more", "a policy"]);
});

test("a Fleet Server that runs elsewhere needs no policy from here", () => {
  const lines = withStack((stack) => {
    const fleet = new ExternalFleetTls(stack, "fleet", {
      fleetServerUrl: "https://fleet.example.com:8220",
      elasticsearchUrl: "https://es.example.com:9200",
      agentEnrollmentToken: EnrollmentToken.fromEnvironment("TOKEN"),
    });
    fleet.addAgent("web-1");
    return fleetPrerequisites(fleet, fleet.hosts).map(prerequisiteLine);
  });
  expect(lines).toEqual(["the variable `TOKEN` in the shell, for `--enrollment-token`: web-1"]);
});

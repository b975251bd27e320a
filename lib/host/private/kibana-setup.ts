import type { Problems } from "../../private/problems";
import type { FleetServerOptions } from "../fleet-server-options";
import type { HostFiles } from "../host-files";
import type { IFleetTls } from "../ifleet-tls";

/**
 * Variables by which a container prepares Fleet in Kibana. Never `KIBANA_CA` or `KIBANA_HOST`: where `FLEET_CA` is not set,
 * agents would verify Fleet Server with Kibana's CA (elastic-agent cmd/setup_config.go).
 */
export function kibanaSetup(
  problems: Problems,
  files: HostFiles,
  fleet: IFleetTls,
  { setUpFleetIn: kibana, container }: FleetServerOptions,
): { [name: string]: string } | undefined {
  if (kibana === undefined) {
    return undefined;
  }
  if (container !== true) {
    problems.add("setUpFleetIn", {
      what: "is given, but only the container's entry point prepares Fleet in Kibana",
      allowed: "setUpFleetIn together with container: true",
      fix: "leave it out and prepare Fleet in Kibana, or set container: true",
    });
  }
  if (kibana.url === undefined || !fleet.hosts.includes(kibana)) {
    problems.add("setUpFleetIn", {
      what: kibana.url === undefined ? "is a Kibana without a url" : "is a Kibana of another fleet",
      got: kibana.node.path,
      allowed: "a Kibana of this fleet with a url",
      fix: kibana.url === undefined ? "give addKibana a url" : "use a Kibana of this fleet",
    });
    return undefined;
  }
  const ca = kibana.serverCa && files.addTrust("kibana-ca.pem", kibana.serverCa);
  return {
    KIBANA_FLEET_SETUP: "1",
    KIBANA_FLEET_HOST: kibana.url,
    ...(ca !== undefined && { KIBANA_FLEET_CA: ca }),
  };
}

import type { Problem } from "../../private/problems";
import type { IFleetHost, OutputPaths } from "../fleet-host";
import type { IFleetTls } from "../ifleet-tls";
import type { OutputCa, OutputSubject } from "../output-settings";
import { differencesOf } from "../output-settings";

/** Hosts that one output's settings have to fit. */
export interface OutputHosts {
  readonly fleet: IFleetTls;
  /** Hosts whose policies use the output. */
  readonly hosts: IFleetHost[];
  /** Hosts that read its settings, Fleet Servers among them where they dial it too. */
  readonly readers: IFleetHost[];
  readonly pathsOf: (host: IFleetHost) => OutputPaths;
  readonly ca: OutputCa;
}

/** First reason why one output cannot serve its hosts: it has one CA and one set of paths. */
export function disagreement({ fleet, hosts, readers, pathsOf, ca }: OutputHosts): Omit<Problem, "where"> | undefined {
  const [first] = hosts;
  if (first === undefined) {
    return {
      what: "is empty, so that nothing is known of the paths that the settings have to name",
      allowed: "at least one agent or Fleet Server",
      fix: "add an agent of that platform, or leave the output out",
    };
  }
  const withoutAgent = hosts.filter(({ outputPaths }) => outputPaths === undefined);
  if (withoutAgent.length > 0) {
    return {
      what: `contains hosts that run no agent: ${listOf(withoutAgent)}`,
      allowed: "agents and Fleet Servers",
      fix: "remove them from hosts",
    };
  }
  const own = new Set<IFleetHost>(fleet.hosts);
  const strangers = hosts.filter((host) => !own.has(host));
  if (strangers.length > 0) {
    return {
      what: `contains hosts of another fleet, whose Elasticsearch has another CA: ${listOf(strangers)}`,
      allowed: `agents and Fleet Servers of ${fleet.node.path}`,
      fix: "add an output to their own fleet",
    };
  }
  const subject = (host: IFleetHost): OutputSubject => ({ outputPaths: pathsOf(host) });
  const differences = (host: IFleetHost): string[] => differencesOf(subject(host), subject(first), ca);
  const differing = readers.filter((host) => differences(host).length > 0);
  const [example] = differing;
  return (
    example && {
      what: `do not agree on the paths that one output would name for all of them: ${listOf(differing)} against ${first.node.path}`,
      got: differences(example).join(", "),
      allowed: "hosts whose folders contain the same files at the same paths",
      fix: "add one output for each kind with addOutput(ID, { platform }) or addOutput(ID, { hosts }), and give them to addKibana",
    }
  );
}

const MOST_NAMES = 5;

function listOf(hosts: IFleetHost[]): string {
  const names = hosts.slice(0, MOST_NAMES).map(({ node }) => node.path);
  const rest = hosts.length - names.length;
  return rest > 0 ? `${names.join(", ")} and ${rest} more` : names.join(", ");
}

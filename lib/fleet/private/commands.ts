import type { Agent } from "../../host/agent";
import type { FleetServer } from "../../host/fleet-server";
import type { FleetOutputs } from "./outputs";

/** The install commands of a fleet as outputs. A container has none: it reads its environment. */
export class FleetCommands {
  private hasFleetServer = false;

  constructor(private readonly outputs: FleetOutputs) {}

  /** All agents of a stack are in one map. */
  public addAgent(agent: Agent): void {
    if (!agent.containerEnvironment) {
      this.addToMap(agent, "agent-commands", "The install command of each agent, by its id");
    }
  }

  /** The first has an output of its own, as on Elastic's page. */
  public addFleetServer(fleetServer: FleetServer): void {
    const isFirst = !this.hasFleetServer;
    this.hasFleetServer = true;
    if (fleetServer.containerEnvironment) {
      return;
    }
    if (!isFirst) {
      this.addToMap(fleetServer, "fleet-server-commands", "The install command of each further Fleet Server");
      return;
    }
    this.outputs.add(fleetServer, "fleet-server-command", fleetServer.installCommand, {
      description: `The command that installs the Fleet Server ${fleetServer.node.path}`,
      sensitive: fleetServer.installCommandHoldsSecret,
    });
  }

  /** Commands that hold a secret are in a map of their own, so that the others stay readable. */
  private addToMap(host: Agent | FleetServer, id: string, description: string): void {
    const sensitive = host.installCommandHoldsSecret;
    this.outputs.addToMap(host, sensitive ? `${id}-sensitive` : id, host.node.id, host.installCommand, {
      description: sensitive ? `${description}; they hold secrets` : description,
      sensitive,
    });
  }
}

import * as fs from "node:fs";
import * as path from "node:path";

import type { Authority, LeafRequest } from "../matrix/signer";
import type { Lane } from "./lanes";
import type { ShippingFleet } from "./shipping-fleet";

export const AGENT = "agents/web-1";

/** A pair that nobody may accept, by what is wrong with it. */
interface Wrong {
  readonly title: string;
  readonly pair: (fleet: ShippingFleet, lane: Lane) => Promise<{ certificate: string; key: string }>;
}

function signed(
  title: string,
  by: (fleet: ShippingFleet, lane: Lane) => Authority,
  request: (lane: Lane) => LeafRequest,
): Wrong {
  const read = (file: string): string => fs.readFileSync(file, "utf8");
  return {
    title,
    pair: async (fleet, lane) => {
      const { certificate, key } = await fleet.signer.leaf(by(fleet, lane), request(lane));
      return { certificate: read(certificate), key: read(key) };
    },
  };
}

const agentCa = (fleet: ShippingFleet): Authority =>
  fleet.authority(path.join(fleet.host("fleet-server"), "agent-ca.pem"));
const stranger = (fleet: ShippingFleet): Authority => fleet.signer.stranger();
const client =
  (more: Partial<LeafRequest> = {}) =>
  (): LeafRequest => ({ usage: "clientAuth", names: [], ...more });
const EXPIRED = { from: -20, to: -10 };
const FUTURE = { from: 10, to: 20 };

/** Client certificates that no receiver may accept from an agent. */
export const WRONG_CLIENTS: Wrong[] = [
  signed("of a foreign CA", stranger, client()),
  signed("of a CA with the agent CA's name", (fleet) => fleet.signer.impostor(agentCa(fleet).certificate), client()),
  signed("of the receiver's own CA", receiverCa, client()),
  signed("that is expired", agentCa, client(EXPIRED)),
  signed("that is not valid yet", agentCa, client(FUTURE)),
  signed("for servers", agentCa, client({ usage: "serverAuth" })),
];

const server =
  (more: Partial<LeafRequest> = {}) =>
  ({ name }: Lane): LeafRequest => ({
    usage: "serverAuth",
    names: [`DNS:${name}`],
    ...more,
  });

/** Certificates that no agent may accept from a receiver. */
export const WRONG_SERVERS: Wrong[] = [
  signed("of a foreign CA", stranger, server()),
  signed(
    "of a CA with its CA's name",
    (fleet, lane) => fleet.signer.impostor(receiverCa(fleet, lane).certificate),
    server(),
  ),
  signed("of the agent CA", agentCa, server()),
  signed("that is expired", receiverCa, server(EXPIRED)),
  signed("that is not valid yet", receiverCa, server(FUTURE)),
  signed("for clients", receiverCa, server({ usage: "clientAuth" })),
];

/** A pair of the receiver's CA as an agent accepts it. */
export const GENUINE: Wrong = signed("that is genuine", receiverCa, server());

/** A certificate of the receiver's CA for another name. */
export const OTHER_NAME: Wrong = signed("for another name", receiverCa, server({ names: ["DNS:other.example.com"] }));

/** The CA of a receiver, which its output contains as text. */
function receiverCa(fleet: ShippingFleet, lane: Lane): Authority {
  const [pem] = fleet.output(lane.output).config.ssl["certificate_authorities"] as string[];
  const file = fleet.project.path(`${lane.output}-ca.pem`);
  fs.writeFileSync(file, pem!);
  return fleet.authority(file);
}

/** A copy of the agent's folder with a wrong pair. */
export async function agentWith(fleet: ShippingFleet, lane: Lane, wrong: Wrong): Promise<string> {
  const { certificate, key } = await wrong.pair(fleet, lane);
  return fleet.copyOf(AGENT, { "agent-cert.pem": certificate, "agent-cert-key.pem": key });
}

/** A copy of the receiver's folder with a wrong pair. */
export async function receiverWith(fleet: ShippingFleet, lane: Lane, wrong: Wrong): Promise<string> {
  const { certificate, key } = await wrong.pair(fleet, lane);
  return fleet.copyOf(lane.host, lane.files(certificate, key));
}

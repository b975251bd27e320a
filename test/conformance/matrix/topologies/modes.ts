import { ClientAuthentication, OutputTrust } from "../../../../lib";
import type { Topology } from "./topology";
import { ALL_EDGES, FLEET_EDGES, mutual, oneWay, OPTIONAL, RSA, withAgent } from "./topology";

/** Each mode with each of the two kinds of keys that everything reads, and all that Elasticsearch may ask of clients. */
export const modes: Topology[] = [
  {
    name: "one-way",
    shows: "one-way, P-256; outputs by fingerprint",
    outputTrust: OutputTrust.FINGERPRINT,
    everyPair: ALL_EDGES,
    build: (stack) => oneWay(stack, "one-way"),
  },
  {
    name: "mutual",
    shows: "mutual, required, P-256; Elasticsearch requires certificates",
    everyPair: ALL_EDGES,
    build: (stack) =>
      withAgent(mutual(stack, "mutual", { elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED } })),
  },
  {
    name: "optional",
    shows: "mutual, optional, P-256; outputs by fingerprint, that of Fleet Server's own agent too",
    outputTrust: OutputTrust.FINGERPRINT,
    everyPair: FLEET_EDGES,
    serversHaveOutputs: true,
    build: (stack) => withAgent(mutual(stack, "optional", OPTIONAL)),
  },
  { name: "one-way-rsa", shows: "one-way, RSA 2048", build: (stack) => oneWay(stack, "one-way-rsa", RSA) },
  {
    name: "mutual-rsa",
    shows: "mutual, required, RSA 2048; outputs by a file on the host",
    outputTrust: OutputTrust.HOST_FILE,
    build: (stack) => withAgent(mutual(stack, "mutual-rsa", RSA)),
  },
  {
    name: "optional-rsa",
    shows: "mutual, optional, RSA 2048; Elasticsearch asks for no certificate",
    build: (stack) =>
      withAgent(
        mutual(stack, "optional-rsa", {
          ...OPTIONAL,
          ...RSA,
          elasticsearch: { clientAuthentication: ClientAuthentication.NONE },
        }),
      ),
  },
];

import { TargetPlatform } from "../../../../lib";
import type { Topology } from "./topology";
import { mutual, OPTIONAL, withAgent } from "./topology";

/** Where hosts are, and what else their commands say. */
export const places: Topology[] = [
  {
    name: "several",
    shows: "addresses in the URLs, two Fleet Servers and two Elasticsearch nodes, each with names of its own",
    dialled: {
      "fleet-server": ["10.0.0.1", "fleet-a.internal", "fd00::a"],
      "fleet-b": ["10.0.0.1", "fleet-b.internal"],
    },
    elasticsearchNames: { elasticsearch: ["fd00::1"], "es-2": ["fd00::1", "es-2.internal", "10.0.0.9"] },
    build: (stack) => {
      const fleet = mutual(stack, "several", {
        fleetServerUrl: "https://10.0.0.1:8220",
        elasticsearchUrl: "https://[fd00::1]:9200",
        fleetServer: { names: ["fleet-a.internal", "fd00::a"] },
      });
      fleet.addFleetServer("fleet-b", { names: ["fleet-b.internal"] });
      fleet.addElasticsearchNode("es-2", { names: ["es-2.internal", "10.0.0.9"] });
      return withAgent(fleet);
    },
  },
  {
    name: "quoted",
    shows: "macOS, and a directory that no shell may split; optional",
    build: (stack) =>
      withAgent(
        mutual(stack, "quoted", {
          ...OPTIONAL,
          platform: TargetPlatform.MACOS,
          hostDirectory: "/Library/Application Support/the fleet's $certs",
        }),
      ),
  },
  {
    name: "pinned",
    shows: "CAs by their pins and fingerprints too",
    build: (stack) => withAgent(mutual(stack, "pinned", { pinFleetCa: true, pinElasticsearchCa: true })),
  },
];

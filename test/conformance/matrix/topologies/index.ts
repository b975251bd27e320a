import { authorities } from "./authorities";
import { leaves } from "./leaves";
import { modes } from "./modes";
import { places } from "./places";
import type { Topology } from "./topology";

export type { Topology } from "./topology";

export const topologies: Topology[] = [...modes, ...authorities, ...leaves, ...places];

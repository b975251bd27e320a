import type { IConstruct } from "constructs";

import { FleetList } from "./fleet-list";

/** The outputs of fleets. Apart from their class, which imports what imports this. */
export const OUTPUTS = new FleetList<IConstruct>();

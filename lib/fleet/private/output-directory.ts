import type { IConstruct } from "constructs";

import type { Problems } from "../../private/problems";
import type { FleetBaseProps } from "../fleet-base-props";

/** Refuses an empty output directory, and props that only have an effect on files in a fleet that writes none. */
export function checkOutputDirectory(
  problems: Problems,
  { node }: IConstruct,
  { writeFiles = true, outputDirectory, operatorPage }: FleetBaseProps,
): void {
  if (outputDirectory?.trim() === "") {
    problems.add("outputDirectory", {
      what: "is an empty string",
      allowed: "a path, relative to the folder that contains cdktf.out or absolute",
      fix: `leave it out for fleet-tls/${node.path}`,
    });
  }
  const without = (prop: string): void =>
    problems.add(prop, {
      what: "is given, but writeFiles is false",
      allowed: `${prop} in a fleet that writes its files`,
      fix: `remove ${prop}, or writeFiles: false`,
    });
  if (!writeFiles && outputDirectory !== undefined) {
    without("outputDirectory");
  }
  if (!writeFiles && operatorPage) {
    without("operatorPage");
  }
}

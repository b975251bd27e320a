/** What `pathId` names the output of a stack's part of its fleet by. */
export const PART = "part";

/** Whether an output contains a stack's part of its fleet, by its name. Loads no cdktf. */
export function isPartOutput(name: string): boolean {
  return name.startsWith(`fleet-tls-${PART}-`);
}

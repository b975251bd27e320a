import { UsageError } from "./usage-error";

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

/** Reads `30d`, `12h` or `2w` as milliseconds. */
export function parseDuration(option: string, text: string): number {
  const [, amount, unit] = /^(\d{1,6})([hdw])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new UsageError(`${option}: not a duration, got ${JSON.stringify(text)}, allowed are such as 30d, 12h or 2w`);
  }
  return Number(amount) * UNITS[unit]!;
}

/** Whole days, rounded towards zero, and hours below one day. */
export function describeDuration(milliseconds: number): string {
  const hours = Math.trunc(milliseconds / HOUR);
  const days = Math.trunc(hours / 24);
  return days !== 0 ? `${days} d` : `${hours} h`;
}

/** A length of time as messages show it: in days where it is whole days, else in hours. */
export function duration(hours: number): string {
  return hours % 24 === 0 ? days(hours) : `${hours} h`;
}

/** The same, rounded down to whole days where another length that it is compared with is in days, unless none is left. */
export function durationLike(other: number, hours: number): string {
  return other % 24 === 0 && hours >= 24 ? days(hours) : `${Math.floor(hours)} h`;
}

function days(hours: number): string {
  const whole = Math.floor(hours / 24);
  return whole === 1 ? "1 day" : `${whole} days`;
}

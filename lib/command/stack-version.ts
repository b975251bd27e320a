import { checkArguments } from "../private/check-props";
import { quoted } from "../private/problems";
import { UserError } from "../private/user-error";

/** The version of the Elastic stack that the hosts run, down to the patch level. */
export class StackVersion {
  /** The newest version whose behaviour this library was checked against. */
  public static readonly LATEST = new StackVersion(9, 5, 2);

  /**
   * @param version e.g. `9.2.7`; a bare minor, `9.2`, means its `.0`
   * @throws if it is no version
   */
  public static of(version: string): StackVersion {
    checkArguments("StackVersion.of", { version });
    const parts = /^([0-9]{1,3})\.([0-9]{1,3})(?:\.([0-9]{1,3}))?$/.exec(version);
    if (!parts) {
      throw new UserError(
        `StackVersion.of: the version is not understood, got ${quoted(version)}; ` +
          'allowed: versions such as "9.5.2" or "8.19"; write the version that the agents run, without a suffix',
      );
    }
    return new StackVersion(Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0));
  }

  private constructor(
    /** The major version. */
    public readonly major: number,
    /** The minor version. */
    public readonly minor: number,
    /** The patch level. */
    public readonly patch: number,
  ) {}

  /**
   * Whether this version is the given one or a later one.
   *
   * @param version e.g. `8.16`
   */
  public isAtLeast(version: string): boolean {
    checkArguments("StackVersion.isAtLeast", { version });
    const other = StackVersion.of(version);
    const difference = this.major - other.major || this.minor - other.minor || this.patch - other.patch;
    return difference >= 0;
  }

  /** The version in three parts. */
  public toString(): string {
    return `${this.major}.${this.minor}.${this.patch}`;
  }
}

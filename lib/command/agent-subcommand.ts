/** Subcommand of `elastic-agent`. */
export class AgentSubcommand {
  /** Install the agent from its unpacked folder as a service, and enroll it. */
  public static readonly INSTALL = new AgentSubcommand("install");

  /** Enroll an agent that is installed already. Every setting that the command does not name is reset. */
  public static readonly ENROLL = new AgentSubcommand("enroll");

  private constructor(
    /** The word on the command line. */
    public readonly word: string,
  ) {}

  /** The word on the command line. */
  public toString(): string {
    return this.word;
  }
}

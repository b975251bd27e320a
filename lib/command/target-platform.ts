import { checkArguments } from "../private/check-props";

/** The operating system of a host: how paths and commands look there. */
export class TargetPlatform {
  /** Linux, with a POSIX shell. */
  public static readonly LINUX = new TargetPlatform("linux", "/etc/elastic-agent/certs", "/opt/Elastic/Agent");

  /** macOS, with a POSIX shell. */
  public static readonly MACOS = new TargetPlatform("macos", "/etc/elastic-agent/certs", "/Library/Elastic/Agent");

  /** Windows, with PowerShell 5.1 or 7. */
  public static readonly WINDOWS = new TargetPlatform(
    "windows",
    "C:\\ProgramData\\elastic-agent-certs",
    "C:\\Program Files\\Elastic\\Agent",
  );

  private constructor(
    /** `linux`, `macos` or `windows`. */
    public readonly name: string,
    /** Default of `hostDirectory`. */
    public readonly defaultHostDirectory: string,
    /** Directory in which `elastic-agent install` puts the agent by default; an uninstall empties it. */
    public readonly agentDirectory: string,
  ) {}

  /** Whether hosts of this platform have PowerShell for a shell, instead of a POSIX one. */
  public get isWindows(): boolean {
    return this.name === "windows";
  }

  /** Separator of paths. */
  public get pathSeparator(): string {
    return this.isWindows ? "\\" : "/";
  }

  /** The agent's executable in a command that runs from its unpacked folder. */
  public get executable(): string {
    return this.isWindows ? ".\\elastic-agent.exe" : "elastic-agent";
  }

  /** The executable of an agent that is installed in the default folder. */
  public get installedExecutable(): string {
    return this.isWindows ? `& '${this.agentDirectory}\\elastic-agent.exe'` : "elastic-agent";
  }

  /**
   * Whether a path is absolute on this platform, as Go's `filepath.IsAbs` sees it.
   *
   * @param path a path whose text is known
   */
  public isAbsolute(path: string): boolean {
    if (path === "") {
      return false;
    }
    checkArguments("TargetPlatform.isAbsolute", { path });
    // Go takes C:\x, C:/x and \\server\share\x for absolute on Windows, but neither \x nor /x (path/filepath).
    return this.isWindows ? /^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/]+[\\/]+[^\\/]+[\\/])/.test(path) : path.startsWith("/");
  }

  /**
   * The path of a file in a directory.
   *
   * @param directory absolute directory on the host; may be a Terraform token
   * @param file the file's name
   */
  public join(directory: string, file: string): string {
    checkArguments("TargetPlatform.join", { directory, file });
    const separator = this.pathSeparator;
    return /[\\/]$/.test(directory) && (this.isWindows || directory.endsWith("/"))
      ? `${directory}${file}`
      : `${directory}${separator}${file}`;
  }

  /**
   * Directory in which `elastic-agent install --base-path` puts the agent.
   *
   * @param basePath absolute directory on the host; may be a Terraform token
   */
  public agentDirectoryBelow(basePath: string): string {
    checkArguments("TargetPlatform.agentDirectoryBelow", { basePath });
    return this.join(this.join(basePath, "Elastic"), "Agent");
  }

  /** The platform's name. */
  public toString(): string {
    return this.name;
  }
}

/** Program that runs a reverse proxy. */
export class ProxySoftware {
  /** nginx 1.18 or newer. */
  public static readonly NGINX = new ProxySoftware("nginx", "/etc/nginx/fleet-tls");

  /** HAProxy 2.6 or newer. */
  public static readonly HAPROXY = new ProxySoftware("haproxy", "/etc/haproxy/fleet-tls");

  /** Envoy, API v3. Its configuration is checked with go-control-plane's types; it was not run. */
  public static readonly ENVOY = new ProxySoftware("envoy", "/etc/envoy/fleet-tls");

  private constructor(
    /** `nginx`, `haproxy` or `envoy`. */
    public readonly id: string,
    /** Where a proxy's files are on its host, unless it has a `hostDirectory`. */
    public readonly defaultHostDirectory: string,
  ) {}

  /** The program's name. */
  public toString(): string {
    return this.id;
  }
}

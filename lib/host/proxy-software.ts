/** Program that runs a reverse proxy. */
export class ProxySoftware {
  /** nginx; run with 1.22. */
  public static readonly NGINX = new ProxySoftware("nginx", "/etc/nginx/fleet-tls");

  /** HAProxy 2.6 or newer; run with 2.6. */
  public static readonly HAPROXY = new ProxySoftware("haproxy", "/etc/haproxy/fleet-tls");

  /** Envoy, API v3. Its configuration is validated by Envoy's own types; no Envoy was run with it. */
  public static readonly ENVOY = new ProxySoftware("envoy", "/etc/envoy/fleet-tls");

  private constructor(
    /** `nginx`, `haproxy` or `envoy`. */
    public readonly id: string,
    /** Folder of a proxy's files on its host, unless it has a `hostDirectory`. */
    public readonly defaultHostDirectory: string,
  ) {}

  /** The program's name. */
  public toString(): string {
    return this.id;
  }
}

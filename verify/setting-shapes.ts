import type { Finding } from "../lib/private/x509/finding";
import { error } from "../lib/private/x509/finding";

/** What a setting can be. */
export type Shape = "a text" | "a list" | "a list of maps" | "a map";

/** Settings by their dotted names. */
export interface ShapedSettings {
  readonly names: readonly string[];
  shape(name: string): Shape | undefined;
  maps(name: string): readonly ShapedSettings[];
}

/** Lists of Fleet's objects in `kibana.yml`. */
const OBJECT_LISTS = [
  "xpack.fleet.outputs",
  "xpack.fleet.fleetServerHosts",
  "xpack.fleet.proxies",
  "xpack.fleet.agentPolicies",
  "xpack.fleet.binaryDownloadSource",
];

const TEXT: readonly Shape[] = ["a text"];
const LIST: readonly Shape[] = ["a list", "a text"];

/** Shapes of the TLS settings that are read here; an empty list has every shape. */
const SHAPES: readonly (readonly [pattern: RegExp, allowed: readonly Shape[]])[] = [
  [/(^|\.)ssl\.(enabled|certificate|key|client_authentication|clientAuthentication|verification_?[mM]ode)$/, TEXT],
  [/(^|\.)(ssl\.certificate_?[aA]uthorities|hosts|host_urls)$/, LIST],
  [/^(id|name|type|url|proxy_id|host)$/, TEXT],
  [/^(ssl|config)$/, ["a map"]],
];

/** Settings whose value has another type than its program takes: the program does not start, and nothing of them is checked. */
export function checkShapes(settings: ShapedSettings): Finding[] {
  const lists = OBJECT_LISTS.flatMap((name) => {
    const shape = settings.shape(name);
    return shape === undefined || shape === "a list of maps" ? [] : [wrongShape(name, shape, ["a list of maps"])];
  });
  const objects = OBJECT_LISTS.flatMap((name) =>
    settings.maps(name).flatMap((one, index) => shapesOf(one, `${name}[${index}].`)),
  );
  return [...lists, ...objects, ...shapesOf(settings, "")];
}

function shapesOf(settings: ShapedSettings, prefix: string): Finding[] {
  return settings.names.flatMap((name) => {
    const allowed = SHAPES.find(([pattern]) => pattern.test(name))?.[1];
    const shape = settings.shape(name);
    return allowed === undefined || shape === undefined || allowed.includes(shape)
      ? []
      : [wrongShape(`${prefix}${name}`, shape, allowed)];
  });
}

function wrongShape(name: string, shape: Shape, allowed: readonly Shape[]): Finding {
  const shown = name.replace(/[^\w.[\]-]/g, "?");
  return error(63, `has ${shown}, which is ${shape}`, `write ${allowed.join(" or ")}`);
}

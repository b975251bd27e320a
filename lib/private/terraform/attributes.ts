import type { IResolvable, IResolveContext, TerraformLocal, TerraformResource } from "cdktf";
import { TerraformDataSource, TerraformStack, Token } from "cdktf";

import { partlyPlain } from "./partly-plain";

/*
 * Cheaper forms of what cdktf does for each attribute: with thousands of agents, half of the time of a synth
 * (`npm run bench`). The output stays the same to the byte.
 */

/** Refers to an attribute as cdktf's own tokens do, of which each formats and keeps a whole stack trace. */
class Reference implements IResolvable {
  public readonly creationStack: string[] = [];
  private readonly elsewhere = new Map<TerraformStack, string>();

  constructor(
    private readonly element: TerraformResource | TerraformDataSource | TerraformLocal,
    private readonly identifier: () => string,
    private readonly own: () => string,
  ) {}

  public resolve(context: IResolveContext): unknown {
    const stack = TerraformStack.of(context.scope);
    const identifier = stack === TerraformStack.of(this.element) ? this.identifier() : this.elsewhere.get(stack);
    if (identifier !== undefined) return context.suppressBraces ? identifier : `\${${identifier}}`;
    // cdktf's own token has an output made where another stack reads it, each time that it is prepared.
    const resolved = context.resolve(this.own());
    if (context.preparing) this.elsewhere.set(stack, String(resolved).replace(/^\$\{(.*)\}$/, "$1"));
    return resolved;
  }

  public toString(): string {
    return Token.asString(this);
  }

  public toJSON(): string {
    return "<unresolved-token>";
  }
}

/** An attribute of a resource or a data source, a string, as a token. */
export function attributeOf(resource: TerraformResource | TerraformDataSource, name: string): string {
  const kind = TerraformDataSource.isTerraformDataSource(resource) ? "data." : "";
  return new Reference(
    resource,
    () => `${kind}${resource.terraformResourceType}.${resource.friendlyUniqueId}.${name}`,
    once(() => resource.getStringAttribute(name)),
  ).toString();
}

/** The value of a local, a string, as a token. */
export function valueOf(local: TerraformLocal): string {
  return new Reference(
    local,
    () => `local.${local.friendlyUniqueId}`,
    once(() => local.asString),
  ).toString();
}

/** Has cdktf resolve only those parts of a resource that are not plain values; it resolves all of it three times. */
export function compact<Resource extends { toTerraform(): unknown }>(resource: Resource): Resource {
  const write = resource.toTerraform.bind(resource);
  resource.toTerraform = () => partlyPlain(write());
  return resource;
}

/** One token for all who read it, since cdktf's remembers which stacks they are in. */
function once(make: () => string): () => string {
  let made: string | undefined;
  return () => (made ??= make());
}

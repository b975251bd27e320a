import { TerraformStack } from "cdktf";

import { readBackend } from "../../app/state-backend";
import { withApp } from "../support/apps";

function backendOf(value: unknown): unknown {
  return withApp((app) => {
    const stack = new TerraformStack(app, "stack");
    readBackend(value)!.addTo(stack);
    return (stack.toTerraform() as { terraform: { backend: unknown } }).terraform.backend;
  });
}

test("a local state is in the project's folder, by a path that depends on no machine", () => {
  expect(backendOf({ type: "local" })).toEqual({ local: { path: "../../../terraform.stack.tfstate" } });
});

test("PostgreSQL has a schema for each stack, and no connection in what is synthesised", () => {
  expect(backendOf({ type: "pg", schemaPrefix: "fleet_" })).toEqual({ pg: { schema_name: "fleet_stack" } });
});

test("S3 has a key for each stack, and locks it", () => {
  expect(backendOf({ type: "s3", bucket: "states", region: "eu-west-1", keyPrefix: "fleet/" })).toEqual({
    s3: { bucket: "states", region: "eu-west-1", key: "fleet/stack.tfstate", encrypt: true, use_lockfile: true },
  });
});

test("http has an address for each stack, which locks too", () => {
  const url = "https://states.example.com/fleet/stack";
  expect(backendOf({ type: "http", address: "https://states.example.com/fleet/" })).toEqual({
    http: { address: url, lock_address: url, unlock_address: url },
  });
});

test.each([
  ["no object", "pg"],
  ["no type", {}],
  ["another type", { type: "consul" }],
  ["a setting that is missing", { type: "s3", bucket: "states" }],
  ["a setting that is unknown", { type: "pg", connStr: "postgres://user:password@host/db" }],
  ["a setting that is no text", { type: "http", address: 5 }],
  ["a member of every object", { type: "toString" }],
])("%s is no backend", (_, value) => {
  expect(readBackend(value)).toBeUndefined();
});

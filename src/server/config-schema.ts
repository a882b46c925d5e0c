import * as v from "valibot";
import { likelyName, unknownNames } from "../core/contract/unknown-names.ts";
import type { GatewayOptions } from "../gateway/index.ts";
import { HEARTBEAT_MS } from "../protocol/limits.ts";
import { ConfigError } from "./config-error.ts";
import type { Config, NotOfConfig } from "./config.ts";

/** The options that the gateway checks itself. The type makes sure that none is missing. */
const ofGateway: Readonly<Record<keyof Omit<GatewayOptions, NotOfConfig>, true>> = {
  access: true,
  adapter: true,
  agents: true,
  assets: true,
  basePath: true,
  consent: true,
  guests: true,
  identity: true,
  limits: true,
  notice: true,
  origins: true,
  publicOrigin: true,
  secret: true,
  team: true,
  uploads: true,
};

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));
const host = v.pipe(v.string(), v.nonEmpty());
const ms = (least: number) => v.optional(v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(2 ** 31 - 1)));

/** Longer than an event stream's heartbeat interval. 0 means never. */
const idle = v.optional(
  v.pipe(
    v.number(),
    v.integer(),
    v.maxValue(2 ** 31 - 1),
    v.check((value) => value === 0 || value > HEARTBEAT_MS),
  ),
);

const schema = v.object({
  port: v.optional(port),
  host: v.optional(host),
  management: v.optional(
    v.object({
      port: v.optional(port),
      host: v.optional(host),
      readyWithoutStore: v.optional(v.boolean()),
    }),
  ),
  redis: v.optional(v.pipe(v.string(), v.regex(/^rediss?:\/\/\S+$/), v.url())),
  proxies: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))),
  keep: v.optional(
    v.object({
      directory: v.pipe(v.string(), v.nonEmpty()),
      builds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
    }),
  ),
  drain: v.optional(v.object({ leadMs: ms(0), forMs: ms(0) })),
  timeouts: v.optional(v.object({ keepAliveMs: ms(0), headersMs: ms(0), requestMs: ms(0), idleMs: idle })),
});

const portFix = "must be a whole number from 0 to 65535, such as 8080";
const hostFix = 'must be an address or a host name, such as "127.0.0.1" or, for all of them, "0.0.0.0"';
const msFix = "must be a whole number of milliseconds, such as 5000";

/** The requirement of each option. */
const fixes: Readonly<Record<string, string>> = {
  port: portFix,
  host: hostFix,
  management: "must be an object, such as { port: 9090 }",
  "management.port": portFix,
  "management.host": hostFix,
  "management.readyWithoutStore": "must be true or false",
  redis: 'must be an address such as "redis://redis.example.org:6379" or "rediss://…"',
  proxies: "must be how many proxies stand in front of the gateway: 0, 1, 2 …",
  keep: 'must be an object, such as { directory: "/var/lib/podpora/builds" }',
  "keep.directory": 'must be a directory, such as "/var/lib/podpora/builds"',
  "keep.builds": "must be how many builds are kept: a whole number from 1 to 100",
  drain: "must be an object, such as { leadMs: 5000, forMs: 35000 }",
  "drain.leadMs": msFix,
  "drain.forMs": msFix,
  timeouts: "must be an object, such as { keepAliveMs: 75000 }",
  "timeouts.keepAliveMs": msFix,
  "timeouts.headersMs": msFix,
  "timeouts.requestMs": msFix,
  "timeouts.idleMs": `must be a whole number of milliseconds over ${HEARTBEAT_MS}, or 0 for never`,
};

/** All options at their places, and the nested options of the gateway that are often written at the top level. */
const known = [
  ...Object.keys(ofGateway),
  ...Object.keys(fixes),
  "access.ranks",
  "access.tickets",
  "access.chat",
  "identity.audience",
  "identity.issuer",
  "identity.jwksUrl",
  "uploads.directory",
];
const nested = ["management", "keep", "drain", "timeouts"];
/** Options that may contain a password. */
const hidden = ["redis"];

/** Returns the config. Throws a ConfigError that names each invalid option and how to correct it. */
export function checkedConfig(value: unknown): Config {
  const faults = faultsOf(value);
  if (faults.length > 0) throw new ConfigError(faults.join("\n  "));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked here or in createGateway
  return value as Config;
}

function faultsOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return ["the config must be an object: defineConfig({ adapter, secret, … })"];
  }
  const { issues = [] } = v.safeParse(schema, value);
  const faults = [
    ...unknownFaults(value, ""),
    ...nested.flatMap((name) => unknownFaults(Reflect.get(value, name), `${name}.`)),
    adapterFault(Reflect.get(value, "adapter")),
    secretFault(Reflect.get(value, "secret")),
    ...nested.flatMap((name) => collectionFault(Reflect.get(value, name), name)),
    ...issues.map((issue) => wrong(v.getDotPath(issue) ?? "", issue.input)),
    originFault(value),
  ];
  return [...new Set(faults.flatMap((fault) => fault ?? []))];
}

function collectionFault(value: unknown, name: string): readonly string[] {
  return Array.isArray(value) || value instanceof Map ? [wrong(name, value)] : [];
}

function unknownFaults(value: unknown, parent: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const siblings = known.flatMap((each) => {
    const name = each.startsWith(parent) ? each.slice(parent.length) : ".";
    return name.includes(".") ? [] : [name];
  });
  return unknownNames(value, siblings).map((name) => {
    const sibling = likelyName(name, siblings);
    // The right name at the wrong place.
    const likely = sibling === undefined ? known.find((each) => each.endsWith(`.${name}`)) : `${parent}${sibling}`;
    const advice = likely === undefined ? `use one of ${siblings.join(", ")}` : `did you mean "${likely}"?`;
    return `the option "${parent}${name}" is not known: ${advice}`;
  });
}

function wrong(option: string, input: unknown): string {
  return `the option "${option}" ${hidden.includes(option) ? "" : `is ${shown(input)}: it `}${fixes[option] ?? "is wrong"}`;
}

function adapterFault(adapter: unknown): string | undefined {
  if (adapter === undefined) return 'the option "adapter" is missing: write the desk, such as adapter: memory()';
  if (typeof adapter === "function") return 'the option "adapter" is a function: call it, such as adapter: memory()';
  if (typeof adapter === "object" && adapter !== null && "name" in adapter) return undefined;
  return 'the option "adapter" is no adapter: write the desk, such as adapter: memory()';
}

function secretFault(secret: unknown): string | undefined {
  if (secret === undefined) return 'the option "secret" is missing: write secret: secret("PODPORA_SECRET")';
  if (typeof secret === "string" || Array.isArray(secret)) return undefined;
  return `the option "secret" is a ${typeof secret}: call it with a name, secret: secret("PODPORA_SECRET")`;
}

/** Behind a proxy, the gateway sees neither `https` nor its public host name. */
function originFault(config: object): string | undefined {
  const isBehind = Number(Reflect.get(config, "proxies") ?? 0) > 0;
  if (!isBehind || Reflect.get(config, "publicOrigin") !== undefined) return undefined;
  return 'the option "publicOrigin" is missing: with "proxies" it must be the origin by which browsers reach the gateway, such as "https://help.example.org"';
}

/** The value may contain what JSON can't represent. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  const text = typeof value === "bigint" || typeof value === "symbol" ? String(value) : jsonOf(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

import { describe, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { createGateway, type GatewayOptions } from "../../src/gateway/index.ts";
import { secret } from "./server.ts";

const good: GatewayOptions = {
  adapter: { name: "least", tickets: { create: () => Promise.reject(new Error("never")) } },
  secret,
};

const issuer = "https://www.example.org";
const identity = { secret, audience: "a" };

describe("a mistake in the options is reported at the start, with the option's name and what to do", () => {
  test.each<readonly [string, string, object]>([
    ["secret", "must have at least 32 bytes", { secret: "short" }],
    ["secret.1", "must have at least 32 bytes", { secret: [secret, "short"] }],
    ["secret", "needs at least one secret", { secret: [] }],
    ["secret", "must be a string, not 12345", { secret: 12_345 }],
    ["secret", "is missing", { secret: undefined }],
    ["adapter", "neither tickets nor chat", { adapter: { name: "nothing" } }],
    ["adapter", "knows version 1: use a newer Podpora", { adapter: { ...memory(), api: 2 } }],
    ["adapter", "must be an adapter", { adapter: "memory" }],
    ["adapter", "must be an adapter", { adapter: undefined }],
    ["basePath", "begin with a slash", { basePath: "podpora" }],
    ["basePath", "begin with a slash", { basePath: "/podpora/" }],
    ["publicOrigin", "which is not an origin", { publicOrigin: "https://help.example.org/podpora" }],
    ["origins.0", "which is not an origin", { origins: ["https://www.example.org/"] }],
    ["origins.0", "which is not an origin", { origins: ["*"] }],
    ["origins", "must be a list", { origins: "https://www.example.org" }],
    ["identity.secret", "must have at least 32 bytes", { identity: { secret: "short", audience: "a" } }],
    ["identity.secret", "is missing", { identity: { audience: "a" } }],
    ["identity.audience", "is empty", { identity: { secret, audience: "" } }],
    ["identity.audience", "is missing", { identity: { secret } }],
    ["identity.jwksUrl", "must be an https address", { identity: { jwksUrl: "/keys", audience: "a", issuer } }],
    [
      "identity.jwksUrl",
      "must be an https address",
      { identity: { jwksUrl: "http://www.example.org/keys", audience: "a", issuer } },
    ],
    ["identity.issuer", "is missing", { identity: { jwksUrl: "https://www.example.org/keys", audience: "a" } }],
    [
      "identity.emailsAreVerified",
      "must be true or false",
      { identity: { jwksUrl: "https://www.example.org/keys", audience: "a", issuer, emailsAreVerified: "yes" } },
    ],
    ["access.tickets", 'names the rank "Silver"', { access: { ranks: ["Bronze"], tickets: { from: "Silver" } } }],
    ["access.chat", 'names the rank "Silver"', { access: { chat: { from: "Silver" } } }],
    ["access.tickets", 'must be "guests", "members"', { access: { tickets: "everyone" } }],
    ["access.tickets", 'must be "guests", "members"', { access: { ranks: ["a"], tickets: { form: "a" } } }],
    ["access.ranks", "must be a list", { access: { ranks: "Bronze" } }],
    ["guests", "must be true or false", { guests: "no" }],
    ["limits.writes", "needs a capacity", { limits: { writes: { capacity: 0, refillMs: 1 } } }],
    ["limits.writes", "both under 1000000000", { limits: { writes: { capacity: Infinity, refillMs: 1 } } }],
    ["limits.writes", "both under 1000000000", { limits: { writes: { capacity: 1, refillMs: Infinity } } }],
    ["limits", "must be an object", { limits: [] }],
    ["access", "must be an object", { access: new Map() }],
    ["limits.writes.refillMs", "must be a number", { limits: { writes: { capacity: 1, refillMs: "1" } } }],
    ["uploads.directory", "is missing", { adapter: memory() }],
    ["uploads.directory", "is empty", { uploads: { directory: "" } }],
    ["onError", "must be a function", { onError: "log" }],
    ["team", "must be a string", { team: 1 }],
    ["assets", "must be a function", { assets: "dist" }],
    ["notice", "must not be empty", { notice: "" }],
    ["notice", "a text of at most 500 characters, or one for each language tag", { notice: 5 }],
    ["notice", "has no text", { notice: {} }],
    ["notice.not a tag", 'has the key "not a tag", which is not a language tag', { notice: { "not a tag": "Slow" } }],
    ["consent.sl", "must not be longer than 500 characters", { consent: { sl: "a".repeat(501) } }],
    ["store", "must be an object", { store: "redis" }],
  ])("%s %s", (option, fault, options) => {
    const wrong = () => createGateway({ ...good, ...options });
    expect(wrong).toThrow(TypeError);
    expect(wrong).toThrow(`createGateway: the option "${option}"`);
    expect(wrong).toThrow(fault);
  });

  test.each<readonly [string, string, object]>([
    ["acess", 'did you mean "access"?', { acess: { tickets: "members" } }],
    ["orgins", 'did you mean "origins"?', { orgins: [] }],
    ["basepath", 'did you mean "basePath"?', { basepath: "/podpora" }],
    ["port", "there are adapter, secret, basePath", { port: 8080 }],
    ["identity.audence", 'did you mean "audience"?', { identity: { ...identity, audence: "b" } }],
    ["identity.key", "there are audience, issuer, secret", { identity: { ...identity, key: "b" } }],
    ["access.ticket", 'did you mean "tickets"?', { access: { ticket: "members" } }],
    ["access.members", "there are ranks, tickets, chat", { access: { members: true } }],
    ["uploads.dir", "there are directory", { uploads: { directory: "u", dir: "u" } }],
    ["limits.write", 'did you mean "writes"?', { limits: { write: { capacity: 1, refillMs: 1 } } }],
    [
      "limits.writes.refilMs",
      'did you mean "refillMs"?',
      { limits: { writes: { capacity: 1, refillMs: 1, refilMs: 1 } } },
    ],
  ])("%s is unknown: %s", (option, advice, options) => {
    const wrong = () => createGateway({ ...good, ...options });
    expect(wrong).toThrow(`createGateway: the option "${option}" is unknown: ${advice}`);
  });
});

test("disposing twice disposes of the adapter once", async () => {
  let disposed = 0;
  const gateway = createGateway({ ...good, adapter: { ...good.adapter, dispose: () => void (disposed += 1) } });
  await gateway.dispose();
  await gateway.dispose();
  expect(disposed).toBe(1);
});

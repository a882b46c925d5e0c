import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { check } from "../../src/server/check.ts";
import { secret, serve, type Config } from "../../src/server/index.ts";
import { SECRET } from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "podpora-config-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const good = { adapter: memory(), secret: SECRET, uploads: { directory: folder }, assets: async () => undefined };

/** As Node loads it from a file: without types. */
const read = (over: object): Config => ({ ...good, ...over });

const wrong: readonly (readonly [object, RegExp])[] = [
  // Misspelled options of the server.
  [{ prot: 1 }, /option "prot" is not known: did you mean "port"\?/],
  [{ hots: "x" }, /option "hots" is not known: did you mean "host"\?/],
  [{ managment: {} }, /option "managment" is not known: did you mean "management"\?/],
  [{ management: { prot: 1 } }, /option "management\.prot" is not known: did you mean "management\.port"\?/],
  [{ management: { readyWithoutstore: true } }, /did you mean "management\.readyWithoutStore"\?/],
  [{ readyWithoutStore: true }, /"readyWithoutStore" is not known: did you mean "management\.readyWithoutStore"\?/],
  [
    { drain: { leadMS: 1, form: 2 } },
    /"drain\.leadMS" .*"drain\.leadMs"\?\s+the option "drain\.form" is not known: did you mean "drain\.forMs"/s,
  ],
  [{ timeouts: { keepaliveMs: 1 } }, /did you mean "timeouts\.keepAliveMs"\?/],
  [{ leadMs: 1 }, /did you mean "drain\.leadMs"\?/],
  [{ reddis: "x" }, /did you mean "redis"\?/],
  [{ proxy: 1 }, /option "proxy" is not known: use one of .*proxies/],
  // Misspelled options of the gateway.
  [{ acess: { tickets: "members" } }, /option "acess" is not known: did you mean "access"\?/],
  [{ orgins: [] }, /did you mean "origins"\?/],
  [{ public_origin: "x" }, /did you mean "publicOrigin"\?/],
  [{ tickets: "members" }, /did you mean "access\.tickets"\?/],
  [{ access: { tikets: "members" } }, /option "access\.tikets" .*"tickets"/],
  [{ store: {} }, /option "store" is not known/],
  // Invalid values.
  [{ port: 99_999 }, /option "port" is 99999: it must be a whole number from 0 to 65535/],
  [{ port: "8080" }, /option "port" is "8080": it must be a whole number/],
  [{ port: 1.5 }, /option "port"/],
  [{ host: "" }, /option "host" is "": it must be an address/],
  [{ management: 9090 }, /option "management" is 9090: it must be an object, such as \{ port: 9090 \}/],
  [{ management: { port: -1 } }, /option "management\.port" is -1/],
  [{ management: { readyWithoutStore: "yes" } }, /"management\.readyWithoutStore" is "yes": it must be true or false/],
  [{ redis: "redis.example.org" }, /option "redis" must be an address such as "redis:\/\//],
  [{ redis: "http://:pass-word@redis.example.org" }, /option "redis" must be an address such as/],
  [{ proxies: "one" }, /option "proxies" is "one": it must be how many proxies/],
  [{ proxies: true }, /option "proxies" is true/],
  [{ proxies: 1 }, /option "publicOrigin" is missing: with "proxies"/],
  [{ keep: "/var/lib" }, /option "keep" is "\/var\/lib": it must be an object, such as/],
  [{ keep: { dir: "x" } }, /option "keep\.dir" is not known: use one of directory, builds/],
  [{ keep: {} }, /option "keep\.directory" is .*: it must be a directory/],
  [{ keep: { directory: "x", builds: 0 } }, /option "keep\.builds" is 0: it must be how many/],
  [{ drain: 5000 }, /option "drain" is 5000: it must be an object/],
  [{ drain: { leadMs: "5s" } }, /option "drain\.leadMs" is "5s": it must be a whole number of milliseconds/],
  [{ drain: { forMs: -1 } }, /option "drain\.forMs" is -1/],
  [{ timeouts: { idleMs: 10_000 } }, /option "timeouts\.idleMs" is 10000: it must be .* over 15000/],
  [{ timeouts: [] }, /option "timeouts" is \[\]: it must be an object/],
  [{ drain: new Map() }, /option "drain" is .*: it must be an object/],
  [{ timeouts: { idleMs: null } }, /option "timeouts\.idleMs" is null/],
  [{ timeouts: { headersMs: Infinity } }, /option "timeouts\.headersMs"/],
  [{ timeouts: { requestMs: "1" } }, /option "timeouts\.requestMs"/],
  [{ secret: undefined }, /option "secret" is missing: write secret: secret\("PODPORA_SECRET"\)/],
  [{ secret }, /option "secret" is a function: call it with a name/],
  [{ adapter: undefined }, /option "adapter" is missing: write the desk/],
  [{ adapter: memory }, /option "adapter" is a function: call it/],
  [{ adapter: "memory" }, /option "adapter" is no adapter/],
];

describe("a config with one option wrong", () => {
  test.each(wrong)("%j: serving it and checking it name the option and the correction", async (over, message) => {
    await expect(serve(read({ port: 0, management: { port: 0 }, ...over }))).rejects.toThrow(message);
    const lines: string[] = [];
    expect(await check(read(over), (line) => lines.push(line))).toBe(false);
    expect(lines.join("\n")).toMatch(message);
    expect(lines.join("\n")).not.toContain("pass-word");
  });
});

test("a config with every option valid is accepted", async () => {
  const lines: string[] = [];
  const config = read({
    port: 0,
    host: "127.0.0.1",
    management: { port: 0, host: "::1", readyWithoutStore: true },
    proxies: 2,
    publicOrigin: "https://help.example.org",
    drain: { leadMs: 0, forMs: 0 },
    timeouts: { keepAliveMs: 1, headersMs: 2, requestMs: 3, idleMs: 15_001 },
  });
  expect(await check(config, (line) => lines.push(line))).toBe(true);
  expect(lines).toContain("  ✓ The options are valid.");
});

describe("a secret", () => {
  const file = join(folder, "TOKEN");
  writeFileSync(file, "from a file\n");
  writeFileSync(join(folder, "EMPTY"), "\n");

  test("is read from the environment, from the file that it names, or from systemd's credentials", () => {
    vi.stubEnv("TOKEN", " from the environment ");
    expect(secret("TOKEN")).toBe("from the environment");
    vi.stubEnv("TOKEN", "");
    vi.stubEnv("TOKEN_FILE", file);
    expect(secret("TOKEN")).toBe("from a file");
    vi.stubEnv("TOKEN_FILE", "");
    vi.stubEnv("CREDENTIALS_DIRECTORY", folder);
    expect(secret("TOKEN")).toBe("from a file");
  });

  test.each([
    [{}, /the environment has no TOKEN: start it with TOKEN=…, with TOKEN_FILE=…/],
    [{ TOKEN: "a", TOKEN_FILE: file }, /has both TOKEN and TOKEN_FILE: set one/],
    [{ TOKEN_FILE: join(folder, "nothing") }, /nothing of TOKEN_FILE cannot be read \(ENOENT\)/],
    [{ TOKEN_FILE: join(folder, "EMPTY") }, /EMPTY of TOKEN_FILE is empty/],
  ])("%j: the error says what to do", (env, message) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(() => secret("TOKEN")).toThrow(message);
  });
});

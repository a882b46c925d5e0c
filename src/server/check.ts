import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import type { Adapter, Finding } from "../core/contract/adapter.ts";
import { createGateway, isStoreError, redisStore, type StoreFault } from "../gateway/index.ts";
import { checkedConfig } from "./config-schema.ts";
import { gatewayOptionsOf, type Config } from "./config.ts";

const marks: Readonly<Record<Finding["level"], string>> = { good: "✓", risk: "!", fault: "✗" };
const CHECK_MS = 60_000;

/** Prints the output of `podpora check`, line by line. Returns whether this config works. */
export async function check(config: Config, print: (line: string) => void): Promise<boolean> {
  let faults = 0;
  let risks = 0;
  function say({ fix, level, text }: Finding): void {
    if (level === "fault") faults += 1;
    if (level === "risk") risks += 1;
    print(`  ${marks[level]} ${text}`);
    if (fix !== undefined) print(`      → ${fix}`);
  }

  print("Gateway");
  const options = await checkOptions(config);
  say(options);
  // With invalid options, the other checks would test something else.
  if (options.level === "fault") return false;
  for await (const finding of ownFindings(config)) say(finding);
  print(config.adapter.name);
  try {
    if (config.adapter.check === undefined) say({ level: "good", text: "This adapter checks nothing by itself." });
    else for await (const finding of config.adapter.check(AbortSignal.timeout(CHECK_MS))) say(finding);
  } catch (error) {
    say({ level: "fault", text: `The check was aborted: ${error instanceof Error ? error.message : String(error)}` });
  } finally {
    await config.adapter.dispose?.();
  }
  print(faults > 0 ? `It does not work like this: ${count(faults, "fault")}.` : `It works: ${count(risks, "risk")}.`);
  return faults === 0;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

async function* ownFindings(config: Config): AsyncIterable<Finding> {
  if (config.uploads !== undefined)
    yield await checkDirectory(
      config.uploads.directory,
      "uploads.directory",
      "Files that are not complete are kept in",
    );
  if (config.assets === undefined) yield await keptBuilds(config);
  if (config.redis === undefined) {
    yield { level: "good", text: "One copy alone: nothing is shared." };
  } else {
    yield* checkRedis(config.redis);
  }
  if (config.adapter.tickets !== undefined && guestsWriteTickets(config)) {
    yield {
      level: "risk",
      text: "Guests can write tickets and leave no address: they read the answer in the same browser, or nowhere.",
      fix: 'Set `access: { tickets: "members" }`, if that is not what you want.',
    };
  }
  if (config.identity === undefined && config.adapter.accounts === undefined) {
    yield {
      level: "risk",
      text: "Nobody can sign in: members are guests, and see only what this browser wrote.",
      fix: "Set `identity`, so that the site's own sign-in is known here.",
    };
  }
}

function guestsWriteTickets({ access: rules, guests = true, identity }: Config): boolean {
  return guests && (rules?.tickets ?? (identity === undefined ? "guests" : "members")) === "guests";
}

async function checkOptions(config: Config): Promise<Finding> {
  try {
    // This gateway exists only for its checks; disposing of it must not dispose of the adapter yet.
    const options = gatewayOptionsOf(checkedConfig(config));
    const adapter: Adapter = Object.create(config.adapter, {
      dispose: { value: () => undefined },
      hooks: { value: {} },
    });
    const gateway = createGateway({ ...options, adapter });
    await gateway.dispose();
    return { level: "good", text: "The options are valid." };
  } catch (error) {
    return { level: "fault", text: error instanceof Error ? error.message : String(error) };
  }
}

async function keptBuilds({ keep }: Config): Promise<Finding> {
  if (keep !== undefined)
    return await checkDirectory(keep.directory, "keep.directory", "Builds of the widget are kept in");
  return {
    level: "risk",
    text: "After an upgrade, pages that are open have to be loaded again before their chat opens.",
    fix: 'Set `keep: { directory: "/var/lib/podpora/builds" }`, so that earlier builds of the widget stay served.',
  };
}

async function checkDirectory(directory: string, option: string, good: string): Promise<Finding> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    return { level: "good", text: `${good} ${directory}.` };
  } catch {
    return {
      level: "fault",
      text: `The directory ${directory} cannot be written to.`,
      fix: `Change \`${option}\`, or the rights of the directory.`,
    };
  }
}

async function* checkRedis(url: string): AsyncIterable<Finding> {
  const store = redisStore({ url });
  try {
    await store.ping();
    const key = `check:${crypto.randomUUID()}`;
    await store.setIfAbsent(key, "1", 1000);
    if ((await store.setIfAbsent(key, "2", 1000)) === "1") yield { level: "good", text: "Redis works." };
    else
      yield { level: "fault", text: "Redis does not say what stood there before.", fix: "Redis 7 or later is needed." };
    const policy = await store.whenFull();
    if (policy !== undefined && policy !== "noeviction") {
      yield {
        level: "risk",
        text: `A full Redis forgets sign-outs: its maxmemory-policy is ${policy}.`,
        fix: "Set maxmemory-policy to noeviction.",
      };
    }
  } catch (error) {
    const cause = error instanceof Error && isStoreError(error.cause) ? error.cause : undefined;
    if (cause === undefined) yield { level: "fault", text: `Redis cannot be used: ${String(error)}` };
    else yield { level: "fault", text: `${cause.message}.`, fix: redisFixes[cause.fault] };
  } finally {
    store.close();
  }
}

const redisFixes: Readonly<Record<StoreFault, string>> = {
  unreachable: "Compare the option `redis` with where Redis listens.",
  silent: "Look whether a firewall drops packets, or whether Redis is stopped or overloaded.",
  "read-only": "Name the primary in the option `redis`, not a replica.",
  full: "Raise maxmemory, or free space on the disk that Redis writes to.",
  loading: "Wait until Redis has read its data, then try again.",
  refused: "Put the right user and password into the option `redis`: redis://user:password@host:6379.",
  failed: "Look into the log of Redis.",
};

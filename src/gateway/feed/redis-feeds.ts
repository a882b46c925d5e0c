import * as v from "valibot";
import { hash } from "../hash.ts";
import { feedChannel, isAfter, LOG_ENTRIES, LOG_MS, newsOf, type FeedStore } from "./feed-store.ts";

/** Runs a Lua script atomically on the server. */
export type RunScript = (script: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>;

const leadScript = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const resignScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** A holder whose lease has expired stores nothing, however late its call arrives. */
const appendScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], 'epoch', ARGV[2], 'cursor', ARGV[3])
for at = 3, #KEYS do
  redis.call('XADD', KEYS[at], 'MAXLEN', '=', ARGV[4], '*', 'event', ARGV[at + 5])
  redis.call('PEXPIRE', KEYS[at], ARGV[5])
end
redis.call('PUBLISH', ARGV[6], ARGV[7])
return 1`;

const lengthScript = `return redis.call('XLEN', KEYS[1])`;

const forgetScript = `
local length = redis.call('XLEN', KEYS[1])
redis.call('DEL', KEYS[1])
return length`;

const placeScript = `return redis.call('HMGET', KEYS[1], 'epoch', 'cursor')`;

/** The end is the millisecond before now, unless an entry was stored since: later entries come after it. */
const logScript = `
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local now = redis.call('TIME')
local before = now[1] * 1000 + math.floor(now[2] / 1000) - 1
local position = string.format('%.0f-0', before)
if last[1] and tonumber(string.match(last[1][1], '^%d+')) >= before then position = last[1][1] end
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
return { position, first[1] and first[1][1] or '', redis.call('XLEN', KEYS[1]), redis.call('XRANGE', KEYS[1], ARGV[1], '+') }`;

const place = v.tuple([v.nullable(v.string()), v.nullable(v.string())]);
const log = v.tuple([
  v.string(),
  v.string(),
  v.number(),
  v.array(v.tuple([v.string(), v.tuple([v.string(), v.string()])])),
]);

/** Each person's log is a Redis stream; its key contains no name. */
export function redisFeeds(prefix: string, run: RunScript): FeedStore {
  const leaseOf = (feed: string) => `${prefix}feed:${feed}:lease`;
  const placeOf = (feed: string) => `${prefix}feed:${feed}:place`;
  const logOf = (feed: string, key: string) => `${prefix}feed:${feed}:log:${hash(key)}`;

  return {
    async lead(feed, holder, ttlMs) {
      return (await run(leadScript, [leaseOf(feed)], [holder, String(ttlMs)])) === 1;
    },
    async resign(feed, holder) {
      await run(resignScript, [leaseOf(feed)], [holder]);
    },
    async place(feed) {
      const [epoch, cursor] = v.parse(place, await run(placeScript, [placeOf(feed)], []));
      return epoch === null || cursor === null ? undefined : { epoch, cursor };
    },
    async append(feed, holder, stored, entries) {
      const logs = entries.map(({ key }) => logOf(feed, key));
      const bounds = [String(LOG_ENTRIES), String(LOG_MS)];
      const channel = `${prefix}${feedChannel(feed)}`;
      const args = [holder, stored.epoch, stored.cursor, ...bounds, channel, newsOf(stored, entries)];
      const texts = entries.map(({ text }) => text);
      return (await run(appendScript, [leaseOf(feed), placeOf(feed), ...logs], [...args, ...texts])) === 1;
    },
    async forget(feed, key, remove) {
      return v.parse(v.number(), await run(remove ? forgetScript : lengthScript, [logOf(feed, key)], []));
    },
    async log(feed, key, after) {
      const answer = await run(logScript, [logOf(feed, key)], [after === undefined ? "-" : `(${after}`]);
      const [position, first, length, rows] = v.parse(log, answer);
      const entries = rows.map(([id, [, text]]) => ({ id, text }));
      const isCut = after !== undefined && length >= LOG_ENTRIES && isAfter(first, after);
      return { entries, position, isCut };
    },
  };
}

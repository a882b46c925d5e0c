import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { ContextAttribute } from "../../core/contract/adapter.ts";
import { attributeFault } from "../../core/contract/context-attribute.ts";
import { attributesLimit } from "../../core/contract/limits.ts";
import type { SiteIdentity } from "../../core/identity/site-identity.ts";
import type { Attributes } from "../../loader/handle.ts";
import { warn } from "../../loader/log.ts";

const noValue = "is no text, number, true or false; set it to one of these, or to null to remove it";

type Values = ReadonlyMap<string, string>;
/** By name; null removes a value. */
type Changes = ReadonlyMap<string, string | null>;

/**
 * The values that the site has given its member by `set`. They belong to that member: a sign-out and another member remove them.
 * Values that are set after a call of `identify` are the next member's, who is known a moment later.
 */
export interface AttributeStore {
  readonly current: ReadonlySignal<readonly ContextAttribute[]>;
  set(attributes: Attributes): void;
  /** The site names its member. Returns whether this is still its last call. */
  identify(identity: SiteIdentity | undefined): () => boolean;
  /** The person is known: `member:<id>` or `guest`. */
  settle(name: string): void;
  clear(): void;
}

export function createAttributes(): AttributeStore {
  const values = signal<Values>(new Map());
  /** Set since the last call of `identify`, while its member is not known yet. */
  let next: Changes | undefined;
  /** Whether a guest's values are of a member who was named and not signed in: the next member does not get them. */
  let isOfNamed = false;
  let named: SiteIdentity | undefined;
  let person: string | undefined;
  let calls = 0;

  function setOne(name: string, given: unknown) {
    const now = new Map<string, string | null>(next ?? values.peek());
    const value = given === null ? null : textOf(given);
    const fault = value === undefined ? noValue : value === null ? undefined : attributeFault({ name, value });
    if (fault !== undefined || value === undefined) return warn(`set: "${name.slice(0, 80)}" ${fault}.`);
    const count = [...now].filter(([other, each]) => other !== name && each !== null).length;
    if (value !== null && count >= attributesLimit)
      return warn(
        `set: "${name}" is one more than the ${attributesLimit} that are possible; remove another one first.`,
      );
    now.set(name, value);
    if (next) next = now;
    else values.value = applied(new Map(), now);
  }

  return {
    current: computed(() => Array.from(values.value, ([name, value]) => ({ name, value }))),
    set(attributes) {
      if (typeof attributes !== "object" || attributes === null || Array.isArray(attributes))
        return warn('"set" takes an object of values by name, such as { plan: "Pro" }.');
      for (const [name, value] of Object.entries(attributes)) setOne(name, value);
    },
    identify(now) {
      const call = (calls += 1);
      // The same member, named again before they are known.
      const isSame = now?.token === named?.token && now?.getToken === named?.getToken;
      if (!isSame || !next) next = new Map();
      named = now;
      return () => call === calls;
    },
    settle(name) {
      const isOther = person !== name && (person?.startsWith("member:") === true || isOfNamed);
      values.value = applied(isOther ? new Map() : values.peek(), next ?? new Map());
      isOfNamed = !name.startsWith("member:") && (isOfNamed || (next?.size ?? 0) > 0);
      person = name;
      next = undefined;
    },
    clear() {
      values.value = new Map();
      next = undefined;
      isOfNamed = false;
    },
  };
}

function applied(before: Values, changes: Changes): Values {
  const kept = [...before].filter(([name]) => !changes.has(name));
  const set = [...changes].flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]));
  return new Map([...kept, ...set].slice(-attributesLimit));
}

function textOf(value: unknown): string | undefined {
  const isText = typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  return isText ? String(value) : undefined;
}

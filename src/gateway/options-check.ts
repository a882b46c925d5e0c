import * as v from "valibot";
import { languageTag } from "../core/contract/language-tag.ts";
import { likelyName } from "../core/contract/unknown-names.ts";
import type { GatewayOptions } from "./options.ts";
import { defaultRates } from "./rate-limits.ts";

const SECRET_BYTES = 32;

/** Throws a TypeError that names the option and says what to do. */
export function checkOptions(options: GatewayOptions): void {
  const [issue] = v.safeParse(schema, options, { message: wrongType }).issues ?? [];
  if (issue === undefined) return;
  const option = v.getDotPath(issue) ?? "options";
  throw new TypeError(`createGateway: the option "${option}" ${issue.message}.`);
}

/** The message of a schema that has none of its own. */
function wrongType(issue: v.BaseIssue<unknown>): string {
  if (issue.received === "undefined") return "is missing";
  return `must be ${typeNames[issue.expected ?? ""] ?? issue.expected ?? "something else"}, not ${issue.received}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  Object: "an object",
  Array: "a list",
  Function: "a function",
};

/** An object with exactly these properties. */
function exactly<const T extends v.ObjectEntries>(entries: T) {
  const names = Object.keys(entries);
  const object = v.strictObject(entries, (issue) => {
    if (issue.expected !== "never") return issue.received === "undefined" ? "is missing" : "must be an object";
    const near = likelyName(String(issue.path?.at(-1)?.key), names);
    return near === undefined ? `is unknown: there are ${names.join(", ")}` : `is unknown: did you mean "${near}"?`;
  });
  return v.lazy((input) => (isCollection(input) ? collection : object));
}

/** Objects that are not plain ones are never valid options. */
const isCollection = (value: unknown) => Array.isArray(value) || value instanceof Map || value instanceof Set;
const collection = v.custom<never>(() => false, "must be an object");

const secret = v.pipe(
  v.string(),
  v.check(
    (text) => new TextEncoder().encode(text).length >= SECRET_BYTES,
    `must have at least ${SECRET_BYTES} bytes, such as the output of \`openssl rand -base64 32\``,
  ),
);
const secrets = v.lazy((input) =>
  Array.isArray(input) ? v.pipe(v.array(secret), v.minLength(1, "is empty: it needs at least one secret")) : secret,
);

const origin = v.pipe(
  v.string(),
  v.check(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    (issue) => `holds "${issue.input}", which is not an origin: write it like "https://www.example.org"`,
  ),
);

const audience = v.pipe(v.string(), v.minLength(1, "is empty: without it any token of the site would be accepted"));
const text = v.pipe(v.string(), v.minLength(1, "is empty"));
const secretIdentity = exactly({ audience, issuer: v.exactOptional(text), secret: secrets });
const jwksIdentity = exactly({
  audience,
  issuer: v.pipe(
    v.optional(v.string(), ""),
    v.minLength(1, "is missing: without it a token for any client of the provider would be accepted"),
  ),
  jwksUrl: v.pipe(
    v.string(),
    v.check(isSafeUrl, 'must be an https address, such as "https://www.example.org/.well-known/jwks.json"'),
  ),
  emailsAreVerified: v.exactOptional(v.boolean()),
});

/** Keys fetched over a plain connection could be forged; keys of this machine cannot be changed in transit. */
function isSafeUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}

const rule = v.union(
  [v.picklist(["members", "guests"]), v.strictObject({ from: v.string() })],
  'must be "guests", "members" or { from: "<rank>" }',
);
const access = v.pipe(
  exactly({ ranks: v.exactOptional(v.array(v.string())), tickets: v.exactOptional(rule), chat: v.exactOptional(rule) }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { ranks = [], ...rules } = dataset.value;
    for (const [area, value] of Object.entries(rules)) {
      if (typeof value !== "object" || ranks.includes(value.from)) continue;
      const message = `names the rank "${value.from}", which is not in access.ranks (${ranks.join(", ")})`;
      addIssue({ message, path: [{ type: "object", origin: "value", input: rules, key: area, value }] });
    }
  }),
);

const LIMIT_MAX = 1e9;
const isBetween = (value: number, least: number) => value >= least && value < LIMIT_MAX;
const limit = v.pipe(
  exactly({ capacity: v.number(), refillMs: v.number() }),
  v.check(
    ({ capacity, refillMs }) => isBetween(capacity, 1) && isBetween(refillMs, Number.MIN_VALUE),
    `needs a capacity of 1 or more and a refillMs over 0, both under ${LIMIT_MAX}`,
  ),
);
const limits = exactly(v.entriesFromList(Object.keys(defaultRates), v.exactOptional(limit)));

const part = v.custom<object>((value) => typeof value === "object" && value !== null, "must be an object");
const adapter = v.pipe(
  v.custom<GatewayOptions["adapter"]>(
    (value) => typeof value === "object" && value !== null,
    'must be an adapter, such as memory() of "podpora/adapters/memory" returns',
  ),
  v.check(({ tickets, chat }) => tickets !== undefined || chat !== undefined, "has neither tickets nor chat"),
  v.check(
    (value) => (value.api ?? 1) === 1,
    ({ input }) =>
      `was written for version ${input.api} of the adapter interface, of which this Podpora knows version 1: use a newer Podpora`,
  ),
);

const agent = exactly({
  name: v.pipe(v.string(), v.nonEmpty("must not be empty")),
  picture: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^https?:\/\//, 'must be an absolute address, such as "https://www.example.org/maja.jpg"'),
    ),
  ),
});
const words = v.pipe(
  v.string(),
  v.nonEmpty("must not be empty"),
  v.maxLength(500, "must not be longer than 500 characters"),
);
const languageKey = v.pipe(
  v.string(),
  v.check(
    (tag) => languageTag(tag) !== undefined,
    ({ input }) => `has the key "${input}", which is not a language tag such as "sl" or "pt-BR"`,
  ),
);
const textByLanguage = v.pipe(
  v.record(
    languageKey,
    words,
    'must be a text of at most 500 characters, or one for each language tag, such as { en: "…", sl: "…" }',
  ),
  v.check((texts) => Object.keys(texts).length > 0, "has no text"),
);
const siteText = v.lazy((input) => (typeof input === "string" ? words : textByLanguage));

const schema = v.pipe(
  exactly({
    adapter,
    secret: secrets,
    basePath: v.exactOptional(
      v.pipe(
        v.string(),
        v.regex(/^(\/[\w.~-]+)*$/, 'must be "" or begin with a slash and end without one, such as "/podpora"'),
      ),
    ),
    publicOrigin: v.exactOptional(origin),
    identity: v.exactOptional(
      v.lazy((input) =>
        typeof input === "object" && input !== null && "jwksUrl" in input ? jwksIdentity : secretIdentity,
      ),
    ),
    guests: v.exactOptional(v.boolean()),
    access: v.exactOptional(access),
    origins: v.exactOptional(v.array(origin)),
    team: v.exactOptional(v.string()),
    agents: v.exactOptional(
      v.pipe(v.array(agent), v.maxLength(5, "has more than 5 people: the first screen shows 5 at most")),
    ),
    notice: v.exactOptional(siteText),
    consent: v.exactOptional(siteText),
    assets: v.exactOptional(v.function()),
    uploads: v.exactOptional(exactly({ directory: text })),
    limits: v.exactOptional(limits),
    store: v.exactOptional(part),
    clientAddress: v.exactOptional(v.function()),
    onError: v.exactOptional(v.function()),
    onRefused: v.exactOptional(v.function()),
  } satisfies Record<keyof GatewayOptions, v.GenericSchema>),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.adapter.uploads === undefined || dataset.value.uploads !== undefined) return;
    const message = "is missing: the adapter takes files, which are stored there until they are complete";
    const step = (key: string) => ({ type: "object", origin: "value", input: {}, key, value: undefined }) as const;
    addIssue({ message, path: [step("uploads"), step("directory")] });
  }),
);

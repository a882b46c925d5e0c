import type { Strophe } from "strophe.js";

type Connection = InstanceType<typeof Strophe.Connection>;
type Step = (...given: readonly unknown[]) => unknown;

/** No XMPP extension that is used here nests as deep. */
const DEPTH_MAX = 64;

/** A tag of saxes: prefixes are looked up in `ns` of all ancestors. */
interface Tag {
  readonly prefix?: unknown;
  readonly uri?: unknown;
  readonly ns?: Record<string, unknown>;
  readonly attributes?: Readonly<Record<string, Tag>>;
}

/** Each level caches its result: the next one need not search all levels again. */
function rememberNamespaces(tag: Tag): void {
  const { ns } = tag;
  if (ns === undefined) return;
  // An attribute without a prefix has no namespace, whatever the default one is.
  const attributes = Object.values(tag.attributes ?? {}).filter(({ prefix }) => prefix !== "");
  for (const { prefix, uri } of [tag, ...attributes]) {
    if (typeof prefix === "string" && typeof uri === "string") ns[prefix] ??= uri;
  }
}

/**
 * Drops elements nested deeper than any XMPP extension: the stream parser takes quadratic time in the depth, and
 * overflows its stack. The parser is the library's own, and has no option for it.
 */
export function keepShallow(connection: Connection): void {
  const parser: unknown = Reflect.get(Object(Reflect.get(connection, "_proto")), "_parser");
  let depth = 0;

  function replace(name: string, make: (before: Step) => Step): void {
    const before: unknown = Reflect.get(Object(parser), name);
    if (typeof before !== "function") throw new Error(`strophe.js: the parser has no ${name}`);
    Reflect.set(
      Object(parser),
      name,
      make((...given) => Reflect.apply(before, parser, given)),
    );
  }

  replace("reset", (reset) => () => {
    depth = 0;
    reset();
  });
  replace("_onOpenTag", (open) => (tag) => {
    depth += 1;
    rememberNamespaces(Object(tag));
    if (depth <= DEPTH_MAX) open(tag);
  });
  replace("_onCloseTag", (close) => () => {
    depth -= 1;
    if (depth < DEPTH_MAX) close();
  });
  replace("_onText", (take) => (text) => {
    if (depth <= DEPTH_MAX) take(text);
  });
}

import type { TicketContext } from "../contract/adapter.ts";

type Fixed = Exclude<keyof TicketContext, "attributes">;

/** What the member can remove from the context: a fixed part, or one of the site's attributes by its name. */
export type ContextPart = Fixed | `attribute:${string}`;

/** A part of the context as the member sees it before sending. The widget names the fixed ones, the site its attributes. */
type ShownPart =
  | { readonly part: Fixed; readonly name?: undefined; readonly value: string }
  | { readonly part: `attribute:${string}`; readonly name: string; readonly value: string };

const fixed = ["page", "browser", "screen", "language", "appVersion", "errors"] as const satisfies Fixed[];

/** The parts that are present: first the fixed ones, then the site's attributes in the order in which they were set. */
export function contextParts(context: TicketContext): readonly ShownPart[] {
  const known = fixed.flatMap((part) =>
    context[part]?.length ? [{ part, value: [context[part]].flat().join("\n") }] : [],
  );
  const attributes = context.attributes ?? [];
  return [...known, ...attributes.map(({ name, value }) => ({ part: `attribute:${name}` as const, name, value }))];
}

/** The context without the parts that the member has removed. */
export function withoutParts(context: TicketContext, withheld: readonly ContextPart[]): TicketContext {
  const isSent = (part: string) => !(withheld as readonly string[]).includes(part);
  const { attributes = [], ...others } = context;
  const sent = attributes.filter(({ name }) => isSent(`attribute:${name}`));
  return {
    ...Object.fromEntries(Object.entries(others).filter(([part]) => isSent(part))),
    ...(sent.length > 0 && { attributes: sent }),
  };
}

import type { SiteIdentity } from "../../core/identity/site-identity.ts";
import type { Prefill } from "../../core/widget.ts";
import type { Call, WidgetPage } from "../../loader/app.ts";
import { warn } from "../../loader/log.ts";
import type { Attributes } from "../../loader/handle.ts";
import { tokenFrom } from "../identity/site-token.ts";
import type { AttributeStore } from "./attributes.ts";
import type { Emitter } from "./emitter.ts";

/** The site's calls before the app was loaded. */
export interface Said {
  readonly identity: SiteIdentity | undefined;
  readonly prefill: Prefill;
}

const listening = ["on", "once", "off"] as const;
const isListening = (verb: string): verb is (typeof listening)[number] => listening.some((each) => each === verb);

/**
 * Removes from the queue what the app starts with: listeners, the member and what is said about them, prefilled
 * values. The loader runs the others
 * when the app is ready.
 */
export function takeCalls(
  { calls, options: { tokenUrl } }: WidgetPage,
  emitter: Emitter,
  attributes: AttributeStore,
): Said {
  let said: Said = { identity: tokenUrl ? tokenFrom(tokenUrl) : undefined, prefill: {} };
  const others: Call[] = [];
  function take(call: Call) {
    const [verb, args] = call;
    if (isListening(verb)) Reflect.apply(emitter[verb], undefined, args);
    else if (verb === "set") attributes.set(args[0] as Attributes);
    else if (verb === "identify") {
      said = { ...said, identity: args[0] as SiteIdentity };
      attributes.identify(said.identity);
    } else if (verb === "logout") {
      said = { identity: undefined, prefill: {} };
      attributes.clear();
    } else if (verb === "prefill") said = { ...said, prefill: { ...said.prefill, ...(args[0] as Prefill) } };
    else others.push(call);
  }
  for (const call of calls.splice(0)) {
    try {
      take(call);
    } catch (error) {
      // One wrong call must not stop the widget.
      warn(`the call of "${call[0]}" failed`, error);
    }
  }
  calls.push(...others);
  return said;
}

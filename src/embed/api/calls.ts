import type { SiteIdentity } from "../../core/identity/site-identity.ts";
import type { Prefill } from "../../core/widget.ts";
import type { Call, WidgetPage } from "../../loader/app.ts";
import { tokenFrom } from "../identity/site-token.ts";
import type { Emitter } from "./emitter.ts";

/** What the site has said before there was an app. */
export interface Said {
  readonly identity: SiteIdentity | undefined;
  readonly prefill: Prefill;
}

const listening = ["on", "once", "off"] as const;
const isListening = (verb: string): verb is (typeof listening)[number] => listening.some((each) => each === verb);

/**
 * Takes out of the calls that wait what the app starts with: who listens, who the member is, what is filled in. The loader runs the
 * others when the app is there.
 */
export function takeCalls({ calls, options: { tokenUrl } }: WidgetPage, emitter: Emitter): Said {
  let said: Said = { identity: tokenUrl ? tokenFrom(tokenUrl) : undefined, prefill: {} };
  const others: Call[] = [];
  for (const call of calls.splice(0)) {
    const [verb, args] = call;
    if (isListening(verb)) Reflect.apply(emitter[verb], undefined, args);
    else if (verb === "identify") said = { ...said, identity: args[0] as SiteIdentity };
    else if (verb === "logout") said = { identity: undefined, prefill: {} };
    else if (verb === "prefill") said = { ...said, prefill: { ...said.prefill, ...(args[0] as Prefill) } };
    else others.push(call);
  }
  calls.push(...others);
  return said;
}

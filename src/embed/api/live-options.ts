import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type OptionChanges, changeMistakes } from "../../core/option-changes.ts";
import type { Options } from "../../core/options.ts";
import { unknownOptions } from "../../core/unknown-options.ts";
import type { Call, WidgetPage } from "../../loader/app.ts";
import { warn } from "../../loader/log.ts";

export interface LiveOptions {
  readonly current: ReadonlySignal<Options>;
  /** Returns false, and changes nothing, if a change is wrong: the console says what to do instead. */
  change(changes: OptionChanges): boolean;
  /** Puts the page's earlier calls of `update` back into the queue, because the app could not start. */
  putBack(): void;
}

/** The site's options, with the changes that it made before the app was loaded. */
export function createLiveOptions({ options, calls }: WidgetPage): LiveOptions {
  const current = signal(options);

  function change(changes: OptionChanges): boolean {
    const mistakes = changeMistakes(changes, document.baseURI);
    for (const message of mistakes) warn(message);
    if (mistakes.length > 0) return false;
    for (const message of unknownOptions(changes)) warn(message);
    current.value = withoutUndefined({ ...current.peek(), ...changes });
    return true;
  }

  const isUpdate = ([verb]: Call) => verb === "update";
  const [earlier, others] = [calls.filter(isUpdate), calls.filter((call) => !isUpdate(call))];
  calls.splice(0, calls.length, ...others);
  for (const [, [changes]] of earlier) {
    try {
      change(changes as OptionChanges);
    } catch (error) {
      // One wrong call must not stop the widget.
      warn('the call of "update" failed', error);
    }
  }

  return { current, change, putBack: () => void calls.unshift(...earlier) };
}

/** An option that is undefined has its default. */
const withoutUndefined = (options: object): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

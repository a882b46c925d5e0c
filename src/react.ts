// The entry podpora/react: the widget in a React app.
import { createElement, type FunctionComponent, useEffect, useRef, useState } from "react";
import { createUpdater, isFixed } from "./core/option-changes.ts";
import type { Options } from "./core/options.ts";
import { createIn } from "./embed/module.ts";
import type { EventName, Listener, Podpora } from "./loader/handle.ts";
import { warn } from "./loader/log.ts";

/** Listeners by event. The current listener at the time of the event is called. */
export type Listeners = { readonly [Name in EventName]?: Listener<Name> };

/**
 * The widget, above the page. It starts when the component is mounted and is destroyed when it is unmounted. Changed options
 * are applied to it; options that `update` refuses create another one. The handle is undefined on a server and until
 * the widget exists.
 *
 * @throws {OptionsError} in an effect, for an invalid option.
 */
export function usePodpora(options: Options, listeners: Listeners = {}): Podpora | undefined {
  return useWidget(options, listeners, undefined);
}

/** The widget as a component: above the page, or with `view="inline"` in its place. */
export const PodporaWidget: FunctionComponent<Options & { readonly on?: Listeners }> = ({ on = {}, ...options }) => {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const isInline = options.view === "inline";
  useWidget(options, on, isInline ? place : undefined);
  return isInline ? createElement("div", { ref: setPlace, style: { height: "100%" } }) : null;
};

/** `place` null: not mounted yet. */
function useWidget(options: Options, listeners: Listeners, place: HTMLElement | null | undefined) {
  const [handle, setHandle] = useState<Podpora>();
  const latest = useRef(listeners);
  const { adapter } = options;
  const fixed = JSON.stringify(Object.entries(options).filter(([name]) => name !== "adapter" && isFixed(name)));
  const updater = useRef<(options: Options) => void>(undefined);

  useEffect(() => {
    latest.current = listeners;
  });
  useEffect(() => {
    if (place === null) return undefined;
    const made = createIn(place && place.appendChild(document.createElement("div")), options);
    for (const name of eventNames(latest.current)) {
      made.on(name, (event: unknown) => {
        const listener: unknown = Reflect.get(latest.current, name);
        if (typeof listener === "function") listener(event);
      });
    }
    updater.current = createUpdater(
      options,
      async (changes) => await made.update(changes),
      (error) => warn(messageOf(error)),
    );
    setHandle(made);
    return () => {
      updater.current = undefined;
      made.destroy();
      place?.replaceChildren();
      setHandle(undefined);
    };
    // The options by value: a new object at each render changes nothing.
  }, [adapter, fixed, place]);
  useEffect(() => {
    updater.current?.(options);
  });
  return handle;
}

const eventNames = (listeners: Listeners): EventName[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys that the type allows
  Object.keys(listeners) as EventName[];

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

// The entry podpora/react: the widget in a React app.
import { createElement, type FunctionComponent, useEffect, useRef, useState } from "react";
import type { Options } from "./core/options.ts";
import { createIn } from "./embed/module.ts";
import type { EventName, Listener, Podpora } from "./loader/handle.ts";

/** Listeners by event. What is given at the time of the event is called. */
export type Listeners = { readonly [Name in EventName]?: Listener<Name> };

/**
 * The widget, above the page. It begins when the component is mounted and is destroyed when it goes; options that change
 * begin another one. The handle is undefined on a server and until the widget is there.
 *
 * @throws {OptionsError} in an effect, for an option that can't work.
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

/** `place` null: not there yet. */
function useWidget(options: Options, listeners: Listeners, place: HTMLElement | null | undefined) {
  const [handle, setHandle] = useState<Podpora>();
  const latest = useRef(listeners);
  const { adapter, ...texts } = options;
  const key = JSON.stringify(texts);

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
    setHandle(made);
    return () => {
      made.destroy();
      place?.replaceChildren();
      setHandle(undefined);
    };
    // The options by what they say: an object that is new at each render begins nothing anew.
  }, [adapter, key, place]);
  return handle;
}

const eventNames = (listeners: Listeners): EventName[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys that the type allows
  Object.keys(listeners) as EventName[];

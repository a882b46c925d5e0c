import type { Podpora } from "./handle.ts";

export type Verb = keyof Podpora;

/** Calls a verb with its arguments, and returns its result. */
export type CallVerb = (verb: Verb, ...args: readonly unknown[]) => unknown;

/** The page's commands. By type, every verb of the handle is included. */
const known: Readonly<Record<Verb, 1>> = {
  identify: 1,
  logout: 1,
  open: 1,
  close: 1,
  toggle: 1,
  show: 1,
  hide: 1,
  navigate: 1,
  prefill: 1,
  update: 1,
  set: 1,
  on: 1,
  once: 1,
  off: 1,
  info: 1,
  diagnose: 1,
  destroy: 1,
};
export const verbs = Object.keys(known);
export const isVerb = (verb: unknown): verb is Verb => typeof verb === "string" && Object.hasOwn(known, verb);

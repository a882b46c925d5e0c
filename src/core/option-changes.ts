import { toJson } from "./contract/json.ts";
import { type Options, optionMistakes } from "./options.ts";

/** The options that count only when the widget starts, and how to change each of them later. */
const fixed = {
  endpoint: 'call "destroy", and start the widget again with the other address',
  adapter: 'call "destroy", and start the widget again with the other adapter',
  tokenUrl: 'use the command "identify" for another member',
  view: 'call "destroy", and start the widget again with the other view',
  route: 'use the command "navigate" to go to another screen',
  preload: "set it when the widget starts",
} as const satisfies Partial<Record<keyof Options, string>>;

/**
 * The options that `update` takes: all except `endpoint`, `adapter`, `tokenUrl`, `view`, `route` and `preload`. An option that
 * is `undefined` gets its default again.
 */
export type OptionChanges = {
  readonly [Name in Exclude<keyof Options, keyof typeof fixed>]?: Options[Name] | undefined;
};

export const isFixed = (name: string): name is keyof typeof fixed => Object.hasOwn(fixed, name);

/** A message for each change that is wrong or not possible: it names the option and the fix. */
export function changeMistakes(changes: unknown, base: string): readonly string[] {
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) {
    return ['"update" takes an object of options, such as { theme: "dark" }.'];
  }
  const [never, others] = [Object.keys(changes).filter(isFixed), { ...changes }];
  for (const name of never) Reflect.deleteProperty(others, name);
  return [
    ...never.map((name) => `"${name}" can't be changed by "update"; ${fixed[name]}.`),
    ...optionMistakes({ ...others, endpoint: "/" }, base),
  ];
}

/** What has to change from one set of options to the other, compared by value. An option that is gone is `undefined`. */
export function changesBetween(before: Options, after: Options): OptionChanges {
  const [old, next] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const isSame = (name: string) => {
    const [one, other] = [old.get(name), next.get(name)];
    return one === other || (name !== "adapter" && toJson(one) === toJson(other));
  };
  const names = [...new Set([...old.keys(), ...next.keys()])];
  return Object.fromEntries(names.filter((name) => !isSame(name)).map((name) => [name, next.get(name)]));
}

/**
 * Applies options that a framework or an element gives again and again: `update` gets what has changed since the last options that
 * it accepted. What it has refused is passed to `onRefused` once, and is tried again when something else changes.
 */
export function createUpdater(
  first: Options,
  update: (changes: OptionChanges) => Promise<void>,
  onRefused: (error: unknown) => void,
): (options: Options) => void {
  let accepted = first;
  let refused: string | undefined;
  let before: Promise<void> = Promise.resolve();

  async function apply(options: Options) {
    const changes = changesBetween(accepted, options);
    const asText = toJson(changes);
    if (Object.keys(changes).length === 0 || asText === refused) return;
    try {
      await update(changes);
      accepted = options;
      refused = undefined;
    } catch (error) {
      refused = asText;
      onRefused(error);
    }
  }

  return (options) => {
    before = before.then(async () => await apply(options));
  };
}

import { likelyName, unknownNames } from "../core/contract/unknown-names.ts";

/** Throws a TypeError that names the option and says what to do, unless the value is valid. */
export type OptionCheck = (fits: boolean, option: string, fault: string) => void;

/** `adapter` is the name of its factory. */
export function optionCheck(adapter: string): OptionCheck {
  return (fits, option, fault) => {
    if (!fits) throw new TypeError(`${adapter}: the option "${option}" ${fault}.`);
  };
}

/**
 * Refuses the first unknown name: a misspelt option would be ignored. `within` is the path of the parent, with its dot.
 */
export function checkNames(
  check: OptionCheck,
  options: object,
  known: Readonly<Record<string, true>>,
  within = "",
): void {
  const names = Object.keys(known);
  for (const name of unknownNames(options, names)) {
    const near = likelyName(name, names);
    const advice = near === undefined ? `there are ${names.join(", ")}` : `did you mean "${near}"?`;
    check(false, `${within}${name}`, `is unknown: ${advice}`);
  }
}

/** Without a trailing slash; undefined if it is not a web address. */
export function webAddress(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const { protocol, search, hash } = new URL(url);
  const fits = (protocol === "https:" || protocol === "http:") && search === "" && hash === "" && !/[?#]/.test(url);
  return fits ? url.replace(/\/+$/, "") : undefined;
}

import { likelyName, unknownNames } from "../../core/contract/unknown-names.ts";

/** Throws a TypeError that names the option and says what to do, unless it fits. */
export type OptionCheck = (fits: boolean, option: string, fault: string) => void;

/** `adapter` is the name of its factory. */
export function optionCheck(adapter: string): OptionCheck {
  return (fits, option, fault) => {
    if (!fits) throw new TypeError(`${adapter}: the option "${option}" ${fault}.`);
  };
}

/** Refuses the first name that is not known: a misspelt option would be ignored. `within` is where they are, with its dot. */
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

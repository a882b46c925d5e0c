/** Throws a TypeError that names the option and says what to do, unless it fits. */
export type OptionCheck = (fits: boolean, option: string, fault: string) => void;

/** `adapter` is the name of its factory. */
export function optionCheck(adapter: string): OptionCheck {
  return (fits, option, fault) => {
    if (!fits) throw new TypeError(`${adapter}: the option "${option}" ${fault}.`);
  };
}

/** Nicks to try until the room accepts one. None of them is a person's name. */
export interface Nicks {
  readonly current: string;
  /** Advances to the next one, if the room's error concerns the nick. Returns whether there is one. */
  refused(condition: string | undefined): boolean;
  taken(nick: string): void;
}

const TRIES = 12;

/**
 * `nick`, then with the name of the copy, then with a random suffix; `plain` in place of `nick` once the server does
 * not allow it in an address.
 */
export function createNicks(nick: string, plain: string, copy: string): Nicks {
  const [label = copy] = copy.split(".", 1);
  let [base, conflicts, tries, current] = [nick, 0, 0, nick];

  function named(): string {
    if (conflicts === 0) return base;
    return conflicts === 1 ? `${base} · ${label}` : `${base} · ${label} · ${crypto.randomUUID().slice(0, 4)}`;
  }

  return {
    get current() {
      return current;
    },
    refused(condition) {
      tries += 1;
      if (tries > TRIES) return false;
      if (condition === "conflict") conflicts += 1;
      else if ((condition === "jid-malformed" || condition === "bad-request") && base !== plain)
        [base, conflicts] = [plain, 0];
      else return false;
      current = named();
      return true;
    },
    taken(name) {
      [current, tries] = [name, 0];
    },
  };
}

/** Records the author of each word, and which words had to be deleted. A file's name counts as a word. */
export function createLedger() {
  const authors = new Map<string, string>();
  /** Who may see a word: its author, and the members that a guest has become. */
  const owners = new Map<string, Set<string>>();
  /** Words since the last sign-out. */
  let current = new Set<string>();
  let sameAsGuest = new Set<string>();
  const wiped = new Set<string>();
  return {
    authors,
    wiped,
    write(author: string): string {
      const word = `w${authors.size + 1}x`;
      authors.set(word, author);
      owners.set(word, new Set(author === "guest" ? [author, ...sameAsGuest] : [author]));
      current.add(word);
      return word;
    },
    /** This browser's guest has become this member. */
    guestBecame(person: string) {
      sameAsGuest.add(person);
      for (const word of current) if (authors.get(word) === "guest") owners.get(word)?.add(person);
    },
    signedOut(toForget: Iterable<string>) {
      for (const word of toForget) wiped.add(word);
      current = new Set();
      sameAsGuest = new Set();
    },
    /** The problem if this person sees this word; undefined if they may. */
    check(word: string, person: string): string | undefined {
      const allowed = owners.get(word);
      return !allowed || allowed.has(person) ? undefined : `${word} of ${authors.get(word)} as ${person}`;
    },
  };
}

interface Claims {
  readonly sub: string;
  readonly guest?: boolean;
}

export function claimsOf(token: string | undefined): Claims | undefined {
  if (token === undefined) return undefined;
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
}

/** As `nameOf` in core/identity/person.ts. */
export function personOf(token: string | undefined): string {
  const claims = claimsOf(token);
  if (!claims) return "nobody";
  return claims.guest ? "guest" : `member:${claims.sub}`;
}

/** Whose words are whose, and which of them had to be forgotten. The name of a file is such a word too. */
export function createLedger() {
  const authors = new Map<string, string>();
  /** Who may have to do with a word: its author, and the members that a guest has turned out to be. */
  const owners = new Map<string, Set<string>>();
  /** Since the last sign-out. */
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
    /** The guest of this browser turns out to be this member. */
    guestBecame(person: string) {
      sameAsGuest.add(person);
      for (const word of current) if (authors.get(word) === "guest") owners.get(word)?.add(person);
    },
    signedOut(toForget: Iterable<string>) {
      for (const word of toForget) wiped.add(word);
      current = new Set();
      sameAsGuest = new Set();
    },
    /** What is wrong when this person has to do with this word; undefined when nothing is. */
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

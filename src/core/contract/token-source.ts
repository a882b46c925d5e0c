/** Where an adapter over a gateway takes the caller's token from, and where it puts one that it is given. */
export interface TokenSource {
  /** The token to use now; undefined for a caller that nobody knows. */
  get(): Promise<string | undefined>;
  /**
   * Stores a token of the gateway's own, or forgets the one in use, which the gateway no longer takes.
   * `guest`: it is a guest's, which never replaces a member's.
   */
  set(token: string | undefined, guest?: boolean): Promise<void>;
  /** Makes the caller a guest, once for all tabs: `make` runs where no tab has a token yet. @default `make`, then `set` */
  becomeGuest?(make: () => Promise<string>): Promise<string>;
  /** Asks the site for a new token, when the gateway no longer takes `refused`. */
  renew?(refused: string): Promise<string | undefined>;
  /** Called when the gateway took neither the token nor a new one: the person has to sign in again. */
  refused?(): void;
}

/** Provides and stores the caller's token for an adapter over a gateway. */
export interface TokenSource {
  /** The current token; undefined for an unknown caller. */
  get(): Promise<string | undefined>;
  /**
   * Stores a token of the gateway's own, or forgets the current one, which the gateway no longer accepts. `guest`: it
   * is a guest's, which never replaces a member's.
   */
  set(token: string | undefined, guest?: boolean): Promise<void>;
  /** Makes the caller a guest, once for all tabs: `make` runs if no tab has a token yet. @default `make`, then `set` */
  becomeGuest?(make: () => Promise<string>): Promise<string>;
  /** Asks the site for a new token, when the gateway no longer accepts `refused`. */
  renew?(refused: string): Promise<string | undefined>;
  /** Called when the gateway accepted neither the token nor a new one: the person has to sign in again. */
  refused?(): void;
}

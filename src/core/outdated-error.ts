/**
 * A later part of the widget is no longer at its address: the site has a newer version than this page. Recognised by
 * name, since the script has two copies of this class.
 */
export class OutdatedError extends Error {
  override readonly name = "OutdatedError";
}

export const isOutdated = (error: unknown): boolean => error instanceof Error && error.name === "OutdatedError";

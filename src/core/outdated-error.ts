/**
 * A later part of the widget is not at its address any more: the site has a newer version than the one on this page. By its
 * name, since the script has two copies of this class.
 */
export class OutdatedError extends Error {
  override readonly name = "OutdatedError";
}

export const isOutdated = (error: unknown): boolean => error instanceof Error && error.name === "OutdatedError";

/** A mistake of the site, for the site's developer: in the console, never in the page. */
export function warn(message: string, ...details: unknown[]): void {
  // oxlint-disable-next-line no-console -- this is the one place
  console.error(`[podpora] ${message}`, ...details);
}

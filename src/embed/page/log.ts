/** A mistake of the site, for the site's developer: in the console, never in the page. */
export function warn(message: string, ...details: unknown[]): void {
  console.error(`[podpora] ${message}`, ...details);
}

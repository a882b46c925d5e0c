/** Reports a mistake of the site to its developer: in the console, never in the page. */
export function warn(message: string, ...details: unknown[]): void {
  // oxlint-disable-next-line no-console -- this is the one place
  console.error(`[podpora] ${message}`, ...details);
}

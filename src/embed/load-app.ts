/** Everything behind the launcher. The script's build replaces this module: scripts/lazy-app.ts. */
export const loadApp = async () => await import("./app.tsx");

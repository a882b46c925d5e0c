/**
 * Everything behind the launcher. The script's build replaces this module (scripts/lazy-app.ts): there the app's later parts
 * are files at `base`.
 */
export const loadApp = async (_base: string | undefined) => await import("../app.tsx");

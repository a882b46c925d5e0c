// What one caller, one call and one copy of the gateway may take at most. docs/operate.md has the list.

/** How long one call of the desk may take. */
export const CALL_MS = 30_000;
/** Event streams of one member that are open at one copy. A browser has two, whatever the number of its tabs. */
export const STREAMS_PER_MEMBER = 20;
/** On the disk where uploads are stored, so much stays free. */
export const FREE_BYTES = 512 * 1024 * 1024;
/** In a web hook. */
export const HOOK_MAX_BYTES = 256 * 1024;

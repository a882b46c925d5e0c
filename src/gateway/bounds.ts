// The maximum that one caller, one call and one copy of the gateway may use. docs/operate.md has the list.

/** How long one call to the desk may take. */
export const CALL_MS = 30_000;
/** Open event streams of one member at one copy. A browser has two, however many tabs it has. */
export const STREAMS_PER_MEMBER = 20;
/** This much stays free on the disk where uploads are stored. */
export const FREE_BYTES = 512 * 1024 * 1024;
/** Of a web hook's body. */
export const HOOK_MAX_BYTES = 256 * 1024;

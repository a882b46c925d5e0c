/** The same as in loader/loader.css. */
const query = "(max-width: 480px), (max-height: 480px)";

const media = () => (typeof matchMedia === "function" ? matchMedia(query) : undefined);

/** Whether the panel is a sheet over the whole screen. */
export const isSheet = (): boolean => media()?.matches ?? false;

/** Calls back on each change. Returns a function that stops the calls. */
export function watchSheet(listener: (sheet: boolean) => void): () => void {
  const sheet = media();
  const changed = () => listener(isSheet());
  sheet?.addEventListener("change", changed);
  return () => sheet?.removeEventListener("change", changed);
}

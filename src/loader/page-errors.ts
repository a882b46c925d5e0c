const limit = 10;

/** Records the page's script errors from now on; keeps the last few, for a ticket's context. */
export function watchErrors(signal: AbortSignal): readonly string[] {
  const errors: string[] = [];
  const keep = (message: string) => void (errors.push(message) > limit && errors.shift());
  window.addEventListener(
    "error",
    // Only the file name: parameters may be secrets.
    ({ message, filename, lineno }) => keep(`${message} (${filename.replace(/[?#].*|.*\//g, "")}:${lineno})`),
    { signal },
  );
  window.addEventListener("unhandledrejection", ({ reason }) => keep(`${reason}`), { signal });
  return errors;
}

/**
 * A `fetch` for ky that ends with this signal. ky gives `fetch` a Request of its own, and Node loses the Request's abort
 * once it has been garbage collected, which may happen while the body is read.
 * Source: https://github.com/nodejs/undici/issues/3644
 */
export function fetchUntil(signal: AbortSignal): typeof fetch {
  return async (input, init) => await fetch(input, { ...init, signal });
}

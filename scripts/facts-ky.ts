import type { Facts } from "./prune.ts";

/**
 * What is true of ky in this widget: one request at a time with an address as text, and no retries, time-outs, hooks,
 * progress, prefix, search parameters, JSON or errors for a status (src/adapters/rest/client.ts). test/adapters/
 * pruned-ky.test.ts holds what comes of it against the whole library.
 */
export const kyFacts: Facts = {
  methods: {
    Ky: [
      "normalizeSearchParams",
      "calculateDelay",
      "calculateRetryDelay",
      "decorateResponse",
      "cancelBody",
      "cancelResponseBody",
      "getNormalizedOptions",
      "assignRequest",
      "wrapRequestWithUploadProgress",
    ],
  },
  idle: [
    "ky.#options.hooks.afterResponse",
    "this.#options.hooks.beforeRequest",
    "ky.#decorateResponse",
    "ky.#cancelBody",
    "mergeHooks",
    "normalizeRetryOptions",
    "requestMethods",
    "Object.entries(responseTypes)",
    "ky.create",
    "ky.extend",
    "ky.stop",
    "ky.retry",
  ],
  variables: {
    supportsRequestStreams: "false",
    supportsAbortController: "true",
    supportsAbortSignal: "true",
    usualFormBoundarySize: "0",
    stop: "undefined",
    userProvidedContentType: "false",
    nonRequestOptions: "{}",
    // A failed try is the last one.
    ms: "0",
  },
  expressions: {
    "typeof ky.#options.timeout === 'number' && ky.#options.timeout > maxSafeTimeout": "false",
    "this.#options.timeout === false": "true",
    "ky.#options.onDownloadProgress": "undefined",
    "this.#options.onUploadProgress": "undefined",
    "this.#options.prefixUrl && typeof this.#input === 'string'": "false",
    "String(options.prefixUrl || '')": "''",
    "normalizeRequestMethod(options.method ?? this.#input.method ?? 'GET')": "options.method",
    "this.#options.json !== undefined": "false",
    "hasSearchParameters(this.#options.searchParams)": "false",
    "this.#abortController?.signal.aborted": "false",
    "this.#retryCount < 1": "true",
    // Kept for another try, which there is none of.
    "this.#originalRequest.clone()": "this.#originalRequest",
    "key === 'context'": "false",
    "key === 'searchParams'": "false",
    "searchParameters !== undefined": "false",
    "isObject(source.hooks)": "false",
  },
};

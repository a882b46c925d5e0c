import { createHash, createHmac, type webcrypto } from "node:crypto";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Cryptography that is done at once: HMAC and SHA-256, which the gateway uses. The real one runs on other threads, and
 * takes real time while that of the simulated world stands still. Returns the way back.
 */
export function withoutThreads(): () => void {
  const { subtle } = globalThis.crypto;
  const importKey = subtle.importKey.bind(subtle) as (...args: unknown[]) => Promise<webcrypto.CryptoKey>;
  const secrets = new WeakMap<webcrypto.CryptoKey, Bytes>();
  const hmac = (key: webcrypto.CryptoKey, data: Bytes) =>
    createHmac("sha256", secrets.get(key) ?? "")
      .update(data)
      .digest();
  const atOnce = {
    async importKey(format: string, secret: Bytes, ...more: unknown[]) {
      const key = await importKey(format, secret, ...more);
      secrets.set(key, secret);
      return key;
    },
    digest: async (_algorithm: unknown, data: Bytes) => createHash("sha256").update(data).digest(),
    sign: async (_algorithm: unknown, key: webcrypto.CryptoKey, data: Bytes) => hmac(key, data),
    verify: async (_algorithm: unknown, key: webcrypto.CryptoKey, signature: Bytes, data: Bytes) =>
      hmac(key, data).equals(signature),
  };
  for (const [name, value] of Object.entries(atOnce)) {
    Object.defineProperty(subtle, name, { configurable: true, value });
  }
  return () => {
    for (const name of Object.keys(atOnce)) Reflect.deleteProperty(subtle, name);
  };
}

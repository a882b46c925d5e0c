import { createHash, createHmac, type webcrypto } from "node:crypto";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Synchronous cryptography with seeded randomness: HMAC and SHA-256, which the gateway uses, and ids. The real one runs
 * on other threads and takes real time while virtual time stands still. Returns a function that restores it.
 */
export function simulateCrypto(random: () => number): () => void {
  const { crypto } = globalThis;
  const { subtle } = crypto;
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
  const byChance = {
    getRandomValues(bytes: Bytes) {
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(random() * 256);
      return bytes;
    },
    randomUUID: () =>
      `00000000-0000-4000-8000-${Math.floor(random() * 2 ** 48)
        .toString(16)
        .padStart(12, "0")}`,
  };
  const undo = [replace(subtle, atOnce), replace(crypto, byChance)];
  return () => undo.forEach((each) => each());
}

function replace(of: object, methods: Readonly<Record<string, unknown>>): () => void {
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(of, name, { configurable: true, value });
  return () => {
    for (const name of Object.keys(methods)) Reflect.deleteProperty(of, name);
  };
}

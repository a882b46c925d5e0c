import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const keyBytes = 32;

/** Returns `salt:key`, both in hexadecimal, using scrypt with Node's default cost. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, keyBytes);
  return `${salt.toString("hex")}:${key.toString("hex")}`;
}

/** Takes the same time without a hash, so that timing does not reveal which names exist. */
export async function passwordFits(password: string, hash: string | undefined): Promise<boolean> {
  const [salt = "", key = ""] = (hash ?? "").split(":");
  const derived = await derive(password, Buffer.from(salt.padEnd(32, "0"), "hex"), keyBytes);
  const expected = Buffer.from(key.padEnd(keyBytes * 2, "0"), "hex");
  return timingSafeEqual(derived, expected) && hash !== undefined;
}

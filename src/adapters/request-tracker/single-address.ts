import { AdapterError } from "../../core/contract/errors.ts";
import type { DeskClient } from "../shared/desk-client.ts";
import { createGather, eachChunk } from "../shared/gather.ts";
import { createKeptMap } from "../shared/kept-map.ts";
import { addressed, listOf } from "./schemas.ts";

const KEPT_MS = 60_000;
const KEPT_ADDRESSES = 10_000;
/** More would make an address that is too long for some servers. */
const ADDRESSES = 25;
const PER_PAGE = 100;

type Found = readonly { readonly EmailAddress: string }[];

/**
 * Rejects with `forbidden` for an address that several users of RT have, or that RT takes for another user's. Asked once
 * for all who come in the same moment, and believed for a minute.
 */
export function createSingleAddress(
  client: DeskClient,
  closed: AbortSignal,
): (email: string, signal: AbortSignal) => Promise<void> {
  const single = createKeptMap<true>(KEPT_ADDRESSES, KEPT_MS);

  async function usersOf(emails: readonly string[]): Promise<Found> {
    const conditions = emails.map((value) => ({
      field: "EmailAddress",
      operator: "=",
      value,
      ...(emails.length === 1 ? {} : { entry_aggregator: "OR" }),
    }));
    const query = { query: JSON.stringify(conditions), fields: "EmailAddress", per_page: PER_PAGE };
    return (await client.json({ path: "/users", query }, listOf(addressed), closed)).items;
  }

  async function oneByOne(emails: readonly string[], found: Map<string, Found>): Promise<void> {
    await eachChunk(emails, 1, async (some) => void found.set(some.join(""), await usersOf(some)));
  }

  const ask = createGather(async (emails: readonly string[]) => {
    const found = new Map<string, Found>();
    // Some databases take "é" for "e". Who is found by an address that is no ASCII is not told apart in a group.
    const plain = emails.filter((email) => /^[\u0020-\u007E]+$/.test(email));
    const odd = emails.filter((email) => !plain.includes(email));
    await eachChunk(plain, ADDRESSES, async (some) => {
      const users = await usersOf(some);
      const isClear = users.length < PER_PAGE && users.every((user) => some.includes(addressOf(user)));
      if (isClear)
        for (const email of some)
          found.set(
            email,
            users.filter((user) => addressOf(user) === email),
          );
      else if (some.length === 1) found.set(some.join(""), users);
      else await oneByOne(some, found);
    });
    await oneByOne(odd, found);
    return (email) => found.get(email) ?? [];
  });

  return async (email, signal) => {
    if (single.get(email)) return;
    const users = await ask(email, signal);
    if (users.length > 1) {
      throw new AdapterError(
        "forbidden",
        `several users of Request Tracker have the address ${email}: leave it to one`,
      );
    }
    if (users.some((user) => user.EmailAddress !== "" && addressOf(user) !== email)) {
      throw new AdapterError("forbidden", `to Request Tracker, ${email} is another user's address`);
    }
    single.set(email, true);
  };
}

function addressOf({ EmailAddress }: Found[number]): string {
  return EmailAddress.toLowerCase();
}

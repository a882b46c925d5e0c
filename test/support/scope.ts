import { signal } from "@preact/signals-core";
import type { TicketTexts } from "../../src/core/tickets/ticket-text.ts";
import { memory, type MemoryOptions } from "../../src/adapters/memory/index.ts";
import type { Adapter, CallContext, Member } from "../../src/core/contract/adapter.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { Scope } from "../../src/core/delivery/scope.ts";
import { createUploads } from "../../src/core/delivery/uploads.ts";
import { memoryStorage, type Storage } from "../../src/core/delivery/storage.ts";

export const ana: Member = { id: "ana", name: "Ana Novak", email: "ana@example.org", rank: "Silver" };

export interface Bench extends Scope {
  readonly platform: Platform & {
    readonly online: { value: boolean };
    readonly visible: { value: boolean };
    readonly locale: { value: string };
  };
  /** The person signs out or the page closes: everything stops. */
  leave(): void;
}

/** A member of a desk in memory, with all that a model needs; the test controls the clock and the network. */
export function bench(adapter: Adapter = memory({ member: ana }), storage: Storage = memoryStorage()): Bench {
  const platform = {
    storage,
    locale: signal("sl"),
    online: signal(true),
    visible: signal(true),
    random: () => 0.5,
    now: () => 0,
    clean: async (file: File) => file,
    context: () => undefined,
    ticketTexts,
    connect: async () => adapter,
    warn: () => undefined,
  };
  const leaving = new AbortController();
  const left = leaving.signal;
  const caller = { subject: signal(undefined), findSubject: async () => undefined };
  const uploads = createUploads({ platform, adapter, storage, caller, left });
  return {
    platform,
    adapter,
    storage,
    left,
    caller,
    uploads,
    leave: () => leaving.abort(),
  };
}

const ticketTexts: TicketTexts = {
  language: "off",
  languageName: (tag) => tag,
  question: (step) => step,
};

export function anasDesk(options: MemoryOptions = {}) {
  return memory({ member: ana, ...options });
}

export function context(member: Member = ana): CallContext {
  return { signal: new AbortController().signal, locale: "sl", member };
}

const pngMark = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A file with a picture's signature, which gateways check. */
export function picture(name = "napaka.png", bytes = 64): File {
  const content = new Uint8Array(bytes).fill(7);
  content.set(pngMark.slice(0, bytes));
  return new File([content], name, { type: "image/png" });
}

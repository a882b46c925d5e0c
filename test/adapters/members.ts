import type { Member } from "../../src/core/contract/adapter.ts";

export const ana: Member = { id: "ana", name: "Ana Novak", email: "ana@example.org", rank: "Silver", locale: "sl" };
export const boris: Member = { id: "boris", name: "Boris Kranjc", email: "boris@example.org", rank: "Silver" };
export const anasCredentials = { username: "ana", password: "correct horse" };

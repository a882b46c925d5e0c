import { expect, test } from "vitest";
import { verifiedMember } from "../../src/adapter/members.ts";
import type { Member } from "../../src/core/contract/adapter.ts";

const by = (member?: Member) => ({
  signal: new AbortController().signal,
  locale: "en",
  ...(member ? { member } : {}),
});

test("a member is identified by their address, ignoring case", () => {
  const member = { id: "ana", email: "Ana.NOVAK@Žito.example" };
  expect(verifiedMember(by(member))).toEqual({ member, email: "ana.novak@žito.example" });
});

test.each<[string, Member | undefined, string]>([
  ["nobody", undefined, "unauthorized"],
  ["a guest", { id: "g", guest: true, email: "ana@example.org" }, "forbidden"],
  ["no address", { id: "m" }, "forbidden"],
  ["an empty one", { id: "m", email: "" }, "forbidden"],
  ["what is none", { id: "m", email: "ana" }, "forbidden"],
  ["two of them", { id: "m", email: "ana@example.org boris@example.org" }, "forbidden"],
  ["one over two lines", { id: "m", email: "ana@example.org\nBcc: x@example.org" }, "forbidden"],
  ["an invisible letter in it", { id: "m", email: "a\u200Bna@example.org" }, "forbidden"],
  ["a Kelvin sign, which is a k in lower case", { id: "m", email: "\u212Aate@example.org" }, "forbidden"],
  ["an Angstrom sign, which is an å in lower case", { id: "m", email: "\u212Ase@example.org" }, "forbidden"],
  ["an accent apart from its letter", { id: "m", email: "a\u0301na@example.org" }, "forbidden"],
  ["one that is too long", { id: "m", email: `${"a".repeat(250)}@b.org` }, "forbidden"],
])("%s is refused", (_what, member, code) => {
  expect(() => verifiedMember(by(member))).toThrow(expect.objectContaining({ code }));
});

test("an already aborted call is rejected as such", () => {
  const reason = new Error("closed");
  expect(() => verifiedMember({ ...by(), signal: AbortSignal.abort(reason) })).toThrow(reason);
});

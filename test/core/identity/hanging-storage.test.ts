import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { memoryStorage, type Storage } from "../../../src/core/delivery/storage.ts";
import { IdentityModel } from "../../../src/core/identity/identity.ts";
import { fakeGateway, tokenFor } from "../../support/fake-gateway.ts";
import { bench } from "../../support/scope.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const never = () => new Promise<never>(() => undefined);

function open(gateway: ReturnType<typeof fakeGateway>, storage: Storage) {
  const scope = bench(gateway.desk, storage);
  const platform = { ...scope.platform, connect: gateway.connect, now: () => Date.now(), warn: () => undefined };
  const identity = new IdentityModel(platform, undefined);
  onTestFinished(() => identity[Symbol.dispose]());
  return identity;
}

test("a storage that hangs does not keep the member from help", async () => {
  const identity = open(fakeGateway(), { ...memoryStorage(), get: never });
  void identity.identify({ token: tokenFor("ana") });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(identity.state.value.status).not.toBe("connecting");
});

test("a storage that hangs does not keep a sign-out while nobody is here yet", async () => {
  const identity = open(fakeGateway(), { ...memoryStorage(), get: never });
  let isOut = false;
  void identity.signOut().then(() => (isOut = true));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(isOut).toBe(true);
});

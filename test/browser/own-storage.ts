/** Runs the storage contract on the browser's own storage, in the page. */
import { browserStorage } from "../../src/embed/storage/browser-storage.ts";
import { storageCases } from "../support/storage-cases.ts";

let browsers = 0;

async function runStorageCase(name: string): Promise<void> {
  browsers += 1;
  const database = `podpora-contract-${browsers}`;
  await storageCases[name]?.(() => browserStorage(database));
}

Object.assign(window, { runStorageCase });

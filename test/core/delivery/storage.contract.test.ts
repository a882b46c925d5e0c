import { memoryTabs } from "../../../src/core/delivery/storage.ts";
import { scopedStorage } from "../../../src/core/delivery/personal-storage.ts";
import { describeStorage } from "../../support/describe-storage.ts";
import { tabs } from "../../support/tabs.ts";

const here = new AbortController().signal;

describeStorage("in memory", memoryTabs);
describeStorage("of tabs that can sleep", tabs);
describeStorage("of one person", () => {
  const openTab = memoryTabs();
  return () => scopedStorage(openTab(), "member:ana", here);
});

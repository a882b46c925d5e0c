import { memoryTabs, type Storage } from "../../src/core/delivery/storage.ts";

export interface Tab extends Storage {
  /** As a phone does with a background tab: it sends and receives nothing, but keeps its locks. */
  sleep(asleep?: boolean): void;
}

/** One browser's storage as each of its tabs sees it; tabs can be put to sleep. */
export function tabs(): () => Tab {
  const openTab = memoryTabs();
  return () => {
    const tab = openTab();
    let isAsleep = false;
    return {
      ...tab,
      publish(topic, message) {
        if (!isAsleep) tab.publish(topic, message);
      },
      subscribe: (topic, onMessage) =>
        tab.subscribe(topic, (message) => {
          if (!isAsleep) onMessage(message);
        }),
      sleep(now = true) {
        isAsleep = now;
      },
    };
  };
}

import { signal } from "@preact/signals-core";
import { isOutdated } from "../../core/outdated-error.ts";
import type { LaterScreens } from "../../ui/context.ts";
import type * as Chunk from "../../ui/screens.ts";
import { adoptStyles } from "../adopt-styles.ts";
import { importPart } from "./import-part.ts";

/** Everything behind the first screen: the ticket form, a thread, and the chat with its model. */
export function laterScreens(root: ShadowRoot): LaterScreens & { fetch(): Promise<typeof Chunk> } {
  const screens = signal<LaterScreens["screens"]["value"]>(undefined);
  const failed = signal<LaterScreens["failed"]["value"]>(undefined);
  let loading: Promise<typeof Chunk> | undefined;

  async function load() {
    failed.value = undefined;
    try {
      const chunk = await importPart(async () => await import("../../ui/screens.ts"));
      adoptStyles(root, chunk.styles);
      screens.value = chunk.screens;
      return chunk;
    } catch (error) {
      loading = undefined;
      failed.value = isOutdated(error) ? "outdated" : "network";
      throw error;
    }
  }
  const fetch = async () => await (loading ??= load());
  return { screens, failed, fetch, load: () => void fetch().catch(() => undefined) };
}

import type * as Chat from "../../ui/chat/index.ts";
import { importPart } from "./import-part.ts";

/** The chat: model, screen and style. */
export const loadChat = async (): Promise<typeof Chat> =>
  await importPart(async () => await import("../../ui/chat/index.ts"));

import { createContext } from "preact";
import type { Attachment } from "../../core/contract/adapter.ts";

/** Shows one of a conversation's pictures large, with the others to leaf through. */
export const Gallery = createContext<(picture: Attachment) => void>(() => undefined);

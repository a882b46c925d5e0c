import { createContext } from "preact";
import type { Attachment } from "../../core/adapter.ts";

/** Shows one of a conversation's pictures large, with the others to leaf through. */
export const Gallery = createContext<(picture: Attachment) => void>(() => undefined);

import { createContext } from "preact";
import type { Attachment } from "../../core/contract/adapter.ts";

/** Opens a picture in the viewer, together with the conversation's other pictures. */
export const Gallery = createContext<(picture: Attachment) => void>(() => undefined);

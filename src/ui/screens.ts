import { ChatTab } from "./chat/ChatTab.tsx";
import chat from "./chat/chat.css?inline";
import type { Screens } from "./context.ts";
import composer from "./styles/composer.css?inline";
import files from "./styles/files.css?inline";
import messages from "./styles/messages.css?inline";
import tickets from "./styles/ticket-screens.css?inline";
import { Submitted } from "./tickets/Submitted.tsx";
import { TicketForm } from "./tickets/TicketForm.tsx";
import { TicketThread } from "./tickets/TicketThread.tsx";

// This chunk is loaded after the first screen.
export { ChatModel } from "../core/chat/chat.ts";
export const screens: Screens = { ChatTab, Submitted, TicketForm, TicketThread };
export const styles = [files, tickets, messages, composer, chat];

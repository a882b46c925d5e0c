import chat from "./chat.css?inline";

// The part of the widget that is fetched when there is a chat.
export { ChatModel } from "../../core/chat/chat.ts";
export { ChatTab } from "./ChatTab.tsx";
export const styles = [chat];

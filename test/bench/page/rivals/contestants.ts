import type { Contestant } from "../contestants.ts";

/** Each with the embed code of its documentation; the addresses are those of ./backend.ts. */
export const rivals: readonly Contestant[] = [
  {
    name: "PostHog conversations 1.449.2",
    tag: `<script async src="/rivals/posthog/static/array.js" onload="posthog.init('bench', { api_host: location.origin + '/rivals/posthog' })"></script>`,
    launcher: "#ph-conversations-widget-container button",
    frame: "#ph-conversations-widget-container :is(textarea, input)",
  },
  {
    name: "Typebot 0.10.7",
    tag: `<script type="module">
      import Typebot from "/rivals/typebot/web.js";
      Typebot.initBubble({ typebot: "bench", apiHost: location.origin + "/rivals/typebot" });
    </script>`,
    launcher: "[part=button]",
    frame: "typebot-bubble .typebot-container, .typebot-container",
    usable: ".typebot-container :is(input, textarea)",
  },
  {
    name: "n8n chat 1.37.0",
    tag: `<link href="/rivals/n8n/style.css" rel="stylesheet"><script type="module">
      import { createChat } from "/rivals/n8n/chat.bundle.es.js";
      createChat({ webhookUrl: location.origin + "/rivals/n8n/webhook" });
    </script>`,
    launcher: ".chat-window-toggle",
    frame: ".chat-window",
    usable: ".chat-window textarea",
  },
  {
    name: "Sentry feedback 10.78.0, one form",
    tag: '<script async src="/rivals/sentry/sentry.js"></script>',
    launcher: ".widget__actor",
    frame: "dialog[open]",
    usable: "dialog[open] textarea",
  },
];

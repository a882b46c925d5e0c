import type { Hono } from "hono";
import type { ChatApi } from "../core/contract/adapter.ts";
import * as requests from "../protocol/requests.ts";
import { routes } from "../protocol/routes.ts";
import { addEndpoint, addStream, type Gate } from "./endpoint.ts";
import { offers } from "./offers.ts";
import { Problem } from "./problems.ts";
import { verifiedAddress } from "./verified-address.ts";

const area = "chat";

export function addChatRoutes(app: Hono, gate: Gate, chat: ChatApi): void {
  addEndpoint(app, gate, routes.openChat, {
    area,
    body: requests.chatRequest,
    async handle({ body, ctx, address }) {
      if (ctx.member?.guest === true) await gate.limit("guestChats", address);
      return await chat.open(body, ctx);
    },
  });
  addEndpoint(app, gate, routes.sendChat, {
    area,
    body: requests.messageDraft,
    handle: async ({ id, body, ctx }) => await chat.send(id, body, ctx),
  });
  addStream(app, gate, routes.chatEvents, {
    area,
    query: requests.eventsQuery,
    events: ({ id, query, ctx }) => chat.events(id, query.cursor, ctx),
  });
  if (offers(chat, "availability")) {
    addEndpoint(app, gate, routes.chatAvailability, {
      area,
      look: true,
      handle: async ({ ctx }) => await chat.availability(ctx),
    });
  }
  if (offers(chat, "current")) {
    addEndpoint(app, gate, routes.currentChat, {
      area,
      look: true,
      handle: async ({ ctx }) => {
        const conversation = ctx.member && (await chat.current(ctx));
        return conversation === undefined ? {} : { conversation };
      },
    });
  }
  if (offers(chat, "last")) {
    addEndpoint(app, gate, routes.lastChat, {
      area,
      look: true,
      handle: async ({ ctx }) => {
        const conversation = ctx.member && (await chat.last(ctx));
        return conversation === undefined ? {} : { conversation };
      },
    });
  }
  if (offers(chat, "history")) {
    addEndpoint(app, gate, routes.chatHistory, {
      area,
      query: requests.historyQuery,
      handle: async ({ id, query, ctx }) => await chat.history(id, query.before, ctx),
    });
  }
  if (offers(chat, "mailTranscript")) {
    addEndpoint(app, gate, routes.mailTranscript, {
      area,
      async handle({ id, ctx }) {
        const address = verifiedAddress(ctx.member);
        if (address === undefined) {
          throw new Problem("forbidden", "a transcript is only mailed to a member's verified address");
        }
        await gate.limit("transcripts", address.toLowerCase());
        await chat.mailTranscript(id, ctx);
      },
    });
  }
  if (offers(chat, "setTyping")) {
    addEndpoint(app, gate, routes.setTyping, {
      area,
      body: requests.typing,
      handle: async ({ id, body, ctx }) => await chat.setTyping(id, body.typing, ctx),
    });
  }
  if (offers(chat, "markRead")) {
    addEndpoint(app, gate, routes.markRead, {
      area,
      body: requests.read,
      handle: async ({ id, body, ctx }) => await chat.markRead(id, body.messageId, ctx),
    });
  }
  if (offers(chat, "close")) {
    addEndpoint(app, gate, routes.closeChat, { area, handle: async ({ id, ctx }) => await chat.close(id, ctx) });
  }
  if (offers(chat, "rate")) {
    addEndpoint(app, gate, routes.rateChat, {
      area,
      body: requests.rating,
      handle: async ({ id, body, ctx }) => await chat.rate(id, body, ctx),
    });
  }
}

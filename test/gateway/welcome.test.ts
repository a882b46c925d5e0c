import { afterEach, expect, test } from "vitest";
import * as v from "valibot";
import { sessionAnswer } from "../../src/protocol/data.ts";
import { ana } from "../adapters/members.ts";
import { as, json, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

let running: Running;
afterEach(async () => await running.stop());

async function noticeIn(language: string): Promise<string | undefined> {
  const answer = await send(running, "/session", { token: await as(ana), headers: { "Accept-Language": language } });
  return v.parse(sessionAnswer, await json(answer)).session.notice;
}

test.each([
  ["sl", "Zamuda"],
  ["sl-SI", "Zamuda"],
  ["pt", "Atraso"],
  ["pt-BR", "Atraso no Brasil"],
  ["pt-PT", "Atraso"],
  ["ja", "Delay"],
  ["constructor", "Delay"],
])(
  "a member who reads %s sees the site's notice in that language, whatever its region, else in English",
  async (tag, text) => {
    const notice = { "sl-SI": "Zamuda", "pt-BR": "Atraso no Brasil", pt: "Atraso", "en-GB": "Delay" };
    running = await serve({ notice });
    expect(await noticeIn(tag)).toBe(text);
  },
);

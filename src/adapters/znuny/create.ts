import {
  AdapterError,
  checkTicketDraft,
  contextLines,
  isAdapterError,
  writeOnce,
  type CallContext,
  type Ticket,
  type TicketDraft,
} from "../../adapter/index.ts";
import { read as readWords, written } from "./bodies.ts";
import { fieldOf, PLAIN, refusedWrite, unavailable, type Desk, type Uploads } from "./desk.ts";
import { encoded, requireFiles } from "./files.ts";
import { answersOf } from "./form.ts";
import { requester, type Requester } from "./people.ts";
import * as schemas from "./schemas.ts";
import { readOwn } from "./ticket.ts";

/** The size of Znuny's column. Znuny silently cuts a longer title. */
export const TITLE_MAX = 255;

export function createCreate(desk: Desk, uploads: Uploads) {
  const { contextField, fields, priority, queue, refField, states } = desk.settings;

  /** The ticket that an earlier attempt created. */
  async function find(ref: string, signal: AbortSignal): Promise<string | undefined> {
    const query = { DynamicField: { Name: refField, Equals: ref } };
    const [id] = await desk.search(query, 1, signal);
    return id;
  }

  /**
   * Sets the member's login as customer user. If another customer user has the address, Znuny assigns the ticket to that one.
   * Does nothing if the customer user has been changed since.
   */
  async function claim(id: string, { login }: Requester, signal: AbortSignal): Promise<void> {
    const history = (await desk.histories([id], signal)).get(id) ?? [];
    if (history.filter(({ HistoryType }) => HistoryType === "CustomerUpdate").length > 1) return;
    const data = { TicketID: id, Ticket: { CustomerUser: login } };
    await desk.ask("TicketUpdate", data, schemas.written, signal).catch((error: unknown) => {
      throw refusedWrite(error);
    });
  }

  return async (draft: TicketDraft, ctx: CallContext): Promise<Ticket> => {
    const who = requester(ctx, desk.settings);
    const { signal } = ctx;
    checkTicketDraft(draft, TITLE_MAX);
    const ref = `${draft.clientId} ${who.login}`;
    let isCreated = false;
    const answers = answersOf(fields, draft.fields);
    await desk.facts(signal);

    async function create(): Promise<string> {
      const files = (await uploads?.of(draft.attachments, who.login)) ?? [];
      const context = contextLines(draft.context).join("\n");
      const data = {
        Ticket: {
          Title: written(draft.title),
          Queue: queue,
          State: states.open[0],
          Priority: priority,
          CustomerUser: who.login,
        },
        Article: articleOf(who, draft.title, draft.text),
        DynamicField: [
          { Name: refField, Value: ref },
          ...answers,
          ...(context === "" ? [] : [{ Name: contextField, Value: context }]),
        ],
        ...(await encoded(files)),
      };
      const created = await desk.ask("TicketCreate", data, schemas.written, signal).catch((error: unknown) => {
        throw refusedWrite(error);
      });
      isCreated = true;
      return created.TicketID;
    }

    const id = await writeOnce(async () => await find(ref, signal), create);
    const read = async () => await readOwn(desk, id, who, signal, isCreated);
    const { raw, steps, ticket } = await read().catch(async (error: unknown) => {
      if (!isAdapterError(error) || error.code !== "not-found") throw error;
      await claim(id, who, signal);
      return await read();
    });
    if (!isCreated) return ticket;
    if (fieldOf(raw, refField) !== ref) throw unavailable(`Znuny created ticket ${id} without "${refField}"`);
    if (readWords(raw.Title) !== draft.title.trim())
      throw new AdapterError("unknown", `ticket ${id} has another title`);
    const files = (await uploads?.of(draft.attachments, who.login)) ?? [];
    requireFiles(steps[0]?.message.attachments, files);
    await uploads?.release(files, who.login);
    return ticket;
  };
}

/** A member's message. The channel "Internal" makes Znuny mail nobody. Without an address, Znuny fills in `From`. */
export function articleOf({ member }: Requester, subject: string, text: string) {
  const name = (member.name ?? "").replaceAll(/[\s\p{C}"<>\\]+/gu, " ").trim();
  const from = name === "" ? member.email : `"${name}" <${member.email}>`;
  return {
    CommunicationChannel: "Internal",
    SenderType: "customer",
    IsVisibleForCustomer: 1,
    ...(member.email === undefined ? {} : { From: from }),
    Subject: written(subject),
    Body: written(text),
    ContentType: PLAIN,
  };
}

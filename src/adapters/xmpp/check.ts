import type { Finding } from "../../core/contract/adapter.ts";
import type { Desk } from "./desk.ts";
import type { Entry } from "./entry.ts";
import { conditionOfError } from "./link.ts";
import { createRoom } from "./room.ts";
import { attributeOf, childOf, childrenOf, textOf, xml } from "./xml.ts";

const DISCO_INFO = "http://jabber.org/protocol/disco#info";
const MUC = "http://jabber.org/protocol/muc";
const UPLOAD = "urn:xmpp:http:upload:0";

/** `podpora check` for the XMPP server. It tests in a temporary room. */
export async function* check(desk: Desk, signal: AbortSignal): AsyncIterable<Finding> {
  const { link, settings } = desk;
  const reached = await reach(desk, signal);
  yield reached;
  if (reached.level === "fault") return;
  const rooms = await checkRooms(desk);
  yield rooms;
  if (rooms.level !== "fault") yield await checkArchive(desk);
  if (settings.files) yield* checkFiles(desk, settings.files);
  else yield { level: "good", text: "Chats have no files: the option `files` is not set." };
  for (const agent of settings.agents.filter((each) => !each.includes("@"))) {
    yield {
      level: "risk",
      text: `Everyone at ${agent} may answer, but Prosody does not support domains as members.`,
      fix: "Name each agent in `agents`, such as nina@example.org.",
    };
  }
  if (desk.lobby.room.entered && !desk.lobby.isOurs()) {
    yield {
      level: "fault",
      text: `The room ${settings.lobby}@${settings.rooms} belongs to somebody else: an agent entered it before the gateway.`,
      fix: `Destroy the room, or make podpora@${settings.component} its owner, and start the gateway before agents join.`,
    };
  }
  const { length } = desk.lobby.agents().filter(({ available }) => available);
  const lobby = `${settings.lobby}@${settings.rooms}`;
  yield length > 0
    ? { level: "good", text: `Agents in ${lobby}: ${length}. The chat is open.` }
    : {
        level: "risk",
        text: `No agent is in ${lobby}: the chat is closed.`,
        fix: `Let an agent join the room ${lobby}.`,
      };
  if (!link.standing) yield { level: "fault", text: "The connection was lost during the check." };
}

async function reach(desk: Desk, signal: AbortSignal): Promise<Finding> {
  const { component, servers } = desk.settings;
  try {
    await desk.link.ready(signal);
    return { level: "good", text: `The server knows the gateway as ${component}.` };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const refused = /not-authorized|host-unknown|conflict/.test(text);
    const fix = refused
      ? `Compare \`secret\` and \`component\` with the component ${component} in the server's configuration; no other copy may use the same address.`
      : `Is the server up, and does it listen for components at ${servers.join(", ")}?`;
    return { level: "fault", text, fix };
  }
}

async function checkRooms({ link, settings }: Desk): Promise<Finding> {
  try {
    const answer = await link.ask("get", settings.rooms, xml("query", { xmlns: DISCO_INFO }));
    const query = childOf(answer, "query", DISCO_INFO);
    const features = query ? childrenOf(query, "feature").map((feature) => attributeOf(feature, "var")) : [];
    if (features.includes(MUC)) return { level: "good", text: `There are rooms at ${settings.rooms}.` };
    return {
      level: "fault",
      text: `There are no rooms at ${settings.rooms}.`,
      fix: "Name the server's room service (XEP-0045) in `rooms`.",
    };
  } catch (error) {
    const text = `${settings.rooms} does not answer (${conditionOfError(error) ?? "time-out"}).`;
    return { level: "fault", text, fix: "Name the server's room service (XEP-0045) in `rooms`." };
  }
}

async function checkArchive(desk: Desk): Promise<Finding> {
  const { archive, settings } = desk;
  const entries: Entry[] = [];
  const jid = `check-${crypto.randomUUID()}@${settings.rooms}`;
  const about = { jid, nick: "Podpora", plainNick: "Podpora", title: "Podpora checks", owners: [], members: [] };
  const room = createRoom(desk, about, { entry: () => undefined });
  const forget = desk.route(room);
  try {
    await room.enter();
    await room.post({ id: crypto.randomUUID(), record: { type: "note" } });
    for await (const page of archive.read(jid, undefined, undefined)) entries.push(...page);
    if (entries.length === 1) return { level: "good", text: "Rooms can be created, and are archived." };
    return { level: "fault", text: "Messages in a room are not archived.", fix: archiveFix };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const condition = conditionOfError(error);
    if (condition === "not-allowed" || condition === "forbidden") {
      return { level: "fault", text, fix: `Allow ${settings.component} to create rooms at ${settings.rooms}.` };
    }
    return { level: "fault", text: `A room could not be tested: ${text}`, fix: archiveFix };
  } finally {
    await room.destroy().catch(() => undefined);
    forget();
  }
}

const archiveFix =
  "Enable the archive of rooms: in Prosody muc_mam with muc_log_by_default, in ejabberd mod_mam with mam: true.";

async function* checkFiles(desk: Desk, files: NonNullable<Desk["settings"]["files"]>): AsyncIterable<Finding> {
  const { link } = desk;
  const wanted = files.maxBytes ?? 0;
  try {
    const info = await link.ask("get", files.service, xml("query", { xmlns: DISCO_INFO }));
    const forms = childrenOf(childOf(info, "query", DISCO_INFO) ?? info, "x", "jabber:x:data");
    const fields = forms.flatMap((form) => childrenOf(form, "field"));
    const most = Number(
      textOf(
        fields.find((field) => attributeOf(field, "var") === "max-file-size"),
        "value",
      ),
    );
    if (Number.isFinite(most) && most > 0 && wanted > most) {
      yield {
        level: "fault",
        text: `Files may have ${most} bytes at ${files.service}, \`files.maxBytes\` is ${wanted}.`,
        fix: `Set \`files.maxBytes\` to ${most}.`,
      };
    }
    const request = xml("request", { xmlns: UPLOAD, filename: "check.txt", size: "1", "content-type": "text/plain" });
    const slot = childOf(await link.ask("get", files.service, request), "slot", UPLOAD);
    const url = attributeOf(childOf(slot, "get"), "url") ?? "";
    const origin = URL.canParse(url) ? new URL(url).origin : url;
    yield origin === new URL(files.origin).origin
      ? { level: "good", text: `Files are accepted at ${files.service}.` }
      : { level: "fault", text: `Files are stored at ${origin}.`, fix: `Set \`files.origin\` to ${origin}.` };
  } catch (error) {
    yield {
      level: "fault",
      text: `${files.service} does not accept files (${conditionOfError(error) ?? "time-out"}).`,
      fix: `Name the upload service (XEP-0363) in \`files.service\`, and allow ${desk.settings.component} to use it.`,
    };
  }
}

import { createServer, type Server, type Socket } from "node:net";
import { structureOf, headerFields, partOf } from "./fake-mime.ts";

export interface FakeMail {
  uid: number;
  readonly source: Buffer;
  readonly date: Date;
}

export interface FakeFolder {
  validity: number;
  next: number;
  mails: FakeMail[];
}

export interface Call {
  readonly tag: string;
  /** In capitals, such as "UID FETCH". */
  readonly command: string;
  readonly text: string;
  readonly socket: Socket;
}

/**
 * A mailbox over IMAP4rev1, with UIDPLUS, MOVE and IDLE, for the adapter's commands. `before` may answer a call
 * differently, cut the connection, or stay silent: then it returns true.
 */
export interface FakeImap {
  readonly port: number;
  readonly folders: Map<string, FakeFolder>;
  /** The commands, in order, without passwords. */
  readonly asked: string[];
  password: string;
  before: ((call: Call) => boolean) | undefined;
  folder(name: string): FakeFolder;
  /** Idle connections are notified. */
  deliver(name: string, source: string | Buffer, date?: Date): FakeMail;
  /** As another client would do it: idle connections are notified. */
  remove(name: string, at: number): FakeMail;
  connections(): number;
  cut(): void;
  stop(): Promise<void>;
  start(port?: number): Promise<void>;
}

interface Session {
  selected: string;
  idling: string | undefined;
}

const CRLF = "\r\n";
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

export async function fakeImap(): Promise<FakeImap> {
  const folders = new Map<string, FakeFolder>([["INBOX", { validity: 7, next: 1, mails: [] }]]);
  const sockets = new Map<Socket, Session>();
  let server: Server | undefined;
  let port = 0;
  /** No folder has the UIDVALIDITY of an earlier one. */
  let made = 100;

  const fake: FakeImap = {
    get port() {
      return port;
    },
    folders,
    asked: [],
    password: "right",
    before: undefined,
    folder(name) {
      const found = folders.get(name);
      if (!found) throw new Error(`the fake has no folder ${name}`);
      return found;
    },
    deliver(name, source, date = new Date()) {
      const folder = fake.folder(name);
      const mail = { uid: folder.next, source: Buffer.from(source), date };
      folder.next += 1;
      folder.mails.push(mail);
      for (const [socket, session] of sockets) {
        if (session.idling !== undefined && session.selected === name) {
          socket.write(`* ${folder.mails.length} EXISTS${CRLF}`);
        }
      }
      return mail;
    },
    remove(name, at) {
      const [mail] = fake.folder(name).mails.splice(at, 1);
      if (!mail) throw new Error(`the fake has no mail ${at} in ${name}`);
      for (const [socket, session] of sockets) {
        if (session.idling !== undefined && session.selected === name) socket.write(`* ${at + 1} EXPUNGE${CRLF}`);
      }
      return mail;
    },
    connections: () => sockets.size,
    cut() {
      for (const socket of sockets.keys()) socket.destroy();
    },
    async stop() {
      fake.cut();
      await new Promise<void>((resolve) => void (server ? server.close(() => resolve()) : resolve()));
      server = undefined;
    },
    async start(wanted = 0) {
      server = createServer((socket) => serve(socket));
      await new Promise<void>((resolve) => server?.listen(wanted, "127.0.0.1", resolve));
      const address = server.address();
      port = typeof address === "object" && address ? address.port : 0;
    },
  };

  function serve(socket: Socket): void {
    const session: Session = { selected: "", idling: undefined };
    sockets.set(socket, session);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.write(`* OK [CAPABILITY IMAP4rev1 UIDPLUS MOVE IDLE] ready${CRLF}`);
    let buffer = Buffer.alloc(0);
    // Joined once there is enough: a mail arrives in many chunks.
    let pieces: Buffer[] = [];
    let awaited = 0;
    socket.on("data", (piece) => {
      pieces.push(piece);
      if (pieces.reduce((sum, { length }) => sum + length, buffer.length) < awaited) return;
      buffer = Buffer.concat([buffer, ...pieces]);
      pieces = [];
      for (;;) {
        const end = buffer.indexOf(CRLF);
        if (end === -1) return;
        const line = buffer.subarray(0, end).toString();
        const [, length] = /\{(\d+)\}$/.exec(line) ?? [];
        if (length === undefined) {
          buffer = buffer.subarray(end + 2);
          take(line, undefined);
          continue;
        }
        const start = end + 2;
        if (buffer.length === start) socket.write(`+ go on${CRLF}`);
        awaited = start + Number(length) + 2;
        if (buffer.length < awaited) return;
        const literal = buffer.subarray(start, start + Number(length));
        buffer = buffer.subarray(awaited);
        awaited = 0;
        take(line, Buffer.from(literal));
      }
    });

    function take(line: string, literal: Buffer | undefined): void {
      if (session.idling !== undefined) {
        const tag = session.idling;
        session.idling = undefined;
        if (fake.before?.({ tag, command: "DONE", text: "", socket })) return;
        socket.write(`${tag} OK done${CRLF}`);
        return;
      }
      const [, tag = "", command = "", text = ""] =
        /^(\S+) ((?:UID )?\S+) ?(.*)$/s.exec(line.replace(/ uid /i, " UID ")) ?? [];
      const call = { tag, command: command.toUpperCase(), text, socket };
      fake.asked.push(call.command === "LOGIN" ? "LOGIN" : `${call.command} ${text}`.trim());
      if (fake.before?.(call)) return;
      answer(call, session, literal);
    }
  }

  function answer({ tag, command, text, socket }: Call, session: Session, literal: Buffer | undefined): void {
    const write = (...lines: readonly (string | Buffer)[]): void => {
      for (const each of lines) socket.write(each);
    };
    const done = (words = "OK done"): void => write(`${tag} ${words}${CRLF}`);
    const name = nameIn(text);
    const selected = folders.get(session.selected);
    const chosen = (set: string): readonly FakeMail[] => (selected ? within(selected, set) : []);

    switch (command) {
      case "LOGIN":
        return done(
          text.endsWith(` "${fake.password}"`) || text.endsWith(` ${fake.password}`)
            ? "OK"
            : "NO [AUTHENTICATIONFAILED] no",
        );
      case "LIST":
      case "LSUB": {
        const wanted = [...folders.keys()].filter(
          (each) => /[*%]"?$/.test(text) || text.endsWith(`"${each}"`) || text.endsWith(` ${each}`),
        );
        for (const each of wanted) write(`* ${command} (\\HasNoChildren) "/" "${each}"${CRLF}`);
        return done();
      }
      case "CREATE":
        made += 1;
        folders.set(name, { validity: made, next: 1, mails: [] });
        return done();
      case "STATUS": {
        const folder = folders.get(name);
        if (!folder) return done("NO [NONEXISTENT] no such folder");
        const { mails, next, validity } = folder;
        write(`* STATUS "${name}" (MESSAGES ${mails.length} UIDNEXT ${next} UIDVALIDITY ${validity})${CRLF}`);
        return done();
      }
      case "SELECT":
      case "EXAMINE": {
        const folder = folders.get(name);
        session.selected = folder ? name : "";
        if (!folder) return done("NO [NONEXISTENT] no such folder");
        write(`* FLAGS (\\Seen \\Deleted)${CRLF}* ${folder.mails.length} EXISTS${CRLF}* 0 RECENT${CRLF}`);
        write(`* OK [UIDVALIDITY ${folder.validity}] x${CRLF}* OK [UIDNEXT ${folder.next}] x${CRLF}`);
        return done(command === "SELECT" ? "OK [READ-WRITE]" : "OK [READ-ONLY]");
      }
      case "UID SEARCH": {
        const [, id] = /message-id "?(<[^>]+>)"?/i.exec(text) ?? [];
        const [, set = "1:*"] = /UID (\S+)/i.exec(text) ?? [];
        const found = chosen(set).filter(({ source }) => id === undefined || source.includes(`Message-ID: ${id}`));
        write(`* SEARCH ${found.map(({ uid }) => uid).join(" ")}${CRLF}`);
        return done();
      }
      case "UID FETCH": {
        const [, set = "", items = ""] = /^(\S+) (.*)$/s.exec(text) ?? [];
        for (const mail of chosen(set)) write(...fetched(mail, (selected?.mails.indexOf(mail) ?? 0) + 1, items));
        return done();
      }
      case "APPEND": {
        const folder = folders.get(name);
        if (!folder || !literal) return done("NO [TRYCREATE] no such folder");
        const { uid } = fake.deliver(name, literal);
        return done(`OK [APPENDUID ${folder.validity} ${uid}] done`);
      }
      case "UID MOVE": {
        const [, set = "", to = ""] = /^(\S+) "?([^"]*)"?$/.exec(text) ?? [];
        for (const mail of chosen(set)) {
          remove(mail);
          fake.deliver(to, mail.source, mail.date);
        }
        return done();
      }
      case "UID STORE":
        for (const mail of chosen(text.split(" ")[0] ?? "")) remove(mail);
        return done();
      case "IDLE":
        session.idling = tag;
        return write(`+ waiting${CRLF}`);
      case "LOGOUT":
        write(`* BYE${CRLF}`);
        return done();
      default:
        return done();
    }

    function remove(mail: FakeMail): void {
      if (!selected) return;
      const at = selected.mails.indexOf(mail);
      selected.mails.splice(at, 1);
      write(`* ${at + 1} EXPUNGE${CRLF}`);
    }
  }

  await fake.start();
  return fake;
}

function nameIn(text: string): string {
  const [, quoted, plain = ""] = /^(?:"([^"]*)"|(\S+))/.exec(text) ?? [];
  return quoted ?? plain;
}

function within({ mails }: FakeFolder, set: string): readonly FakeMail[] {
  const newest = mails.at(-1)?.uid ?? 0;
  const ranges = set.split(",").map((range) => {
    const [from = "", to = from] = range.split(":");
    const ends = [from, to].map((end) => (end === "*" ? newest : Number(end)));
    return [Math.min(...ends), Math.max(...ends)] as const;
  });
  return mails.filter(({ uid }) => ranges.some(([from, to]) => uid >= from && uid <= to));
}

function fetched({ uid, source, date }: FakeMail, seq: number, items: string): readonly (string | Buffer)[] {
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((each) => two(each)).join(":");
  const day = `${two(date.getUTCDate())}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()}`;
  const out: (string | Buffer)[] = [
    `* ${seq} FETCH (UID ${uid} RFC822.SIZE ${source.length} INTERNALDATE "${day} ${time} +0000"`,
  ];
  if (/BODYSTRUCTURE/i.test(items)) out.push(` BODYSTRUCTURE ${structureOf(source)}`);
  for (const [, section = "", from = "", length = ""] of items.matchAll(
    /BODY\.PEEK\[([^\]]*)\](?:<(\d+)\.(\d+)>)?/gi,
  )) {
    const [, fields] = /^HEADER\.FIELDS \(([^)]*)\)/i.exec(section) ?? [];
    const whole =
      fields === undefined ? partOf(source, section.toUpperCase()) : headerFields(source, fields.split(" "));
    const content = length === "" ? whole : whole.subarray(Number(from), Number(from) + Number(length));
    out.push(` BODY[${section}]${from === "" ? "" : `<${from}>`} {${content.length}}${CRLF}`, content);
  }
  return [...out, `)${CRLF}`];
}

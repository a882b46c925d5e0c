export interface FakeChange {
  readonly id: number;
  readonly ticket: string;
  /** In ms since 1970. */
  readonly at: number;
  readonly type?: string;
}

/** Request Tracker's REST 2, as needed by streams, in place of `fetch`. The changes in `changes` are visible. */
export interface FakeRt {
  readonly changes: FakeChange[];
  /** By ticket: the addresses of its requestors. A missing ticket is in no visible queue. */
  readonly tickets: Map<string, readonly string[]>;
  /** The calls, such as "/transactions". */
  readonly asked: string[];
  readonly most: () => number;
}

const time = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
const list = (items: readonly unknown[], total = items.length) => ({ items, count: items.length, total });
const idsIn = (text: string) => Array.from(text.matchAll(/\bid = (\d+)/g), ([, id = ""]) => id);

/** A replacement of `fetch`. `answerMs`: how long RT takes. */
export function fakeRtFetch(answerMs = 0): FakeRt & { readonly fetch: (request: Request) => Promise<Response> } {
  const changes: FakeChange[] = [];
  const tickets = new Map<string, readonly string[]>();
  const asked: string[] = [];
  let [now, most] = [0, 0];

  function answer(path: string, query: URLSearchParams, body: string): unknown {
    const where = query.get("query") ?? "";
    const size = Number(query.get("per_page") ?? 20);
    const page = Number(query.get("page") ?? 1);
    const cut = (items: readonly unknown[]) => list(items.slice((page - 1) * size, page * size), items.length);
    if (path === "/transactions") {
      const after = Number(/\bid > (\d+)/.exec(where)?.[1] ?? 0);
      const of = Array.from(where.matchAll(/TicketId = (\d+)/g), ([, id]) => id);
      const found = changes
        .filter(({ id, ticket }) => id > after && (of.length === 0 || of.includes(ticket)))
        .toSorted((left, right) => (query.get("order") === "DESC" ? right.id - left.id : left.id - right.id));
      return cut(found.map(transaction));
    }
    if (path === "/tickets") {
      const emails = Array.from(where.matchAll(/EmailAddress = '([^']*)'/g), ([, email = ""]) => email);
      const ids = idsIn(where);
      const found = [...tickets].filter(
        ([id, people]) =>
          (ids.length === 0 || ids.includes(id)) &&
          (emails.length === 0 || emails.some((email) => people.includes(email))),
      );
      return cut(found.map(([id, people]) => ticket(id, people)));
    }
    if (path === "/attachments") {
      const ids = (JSON.parse(body) as { value: string }[]).map(({ value }) => value);
      if (query.get("fields") === "Content") return list(ids.map((id) => ({ id, Content: `words ${id}` })));
      const part = { Filename: "", ContentType: "text/plain", ContentLength: 5, Headers: "" };
      return list(ids.map((id) => ({ id, TransactionId: id, ...part })));
    }
    return list([]);
  }

  const transaction = ({ id, ticket: ObjectId, at, type = "Correspond" }: FakeChange) => ({
    id,
    Type: type,
    ObjectId,
    Created: time(at),
    Creator: { id: "9", Name: "nina", RealName: "Nina" },
    CustomFields: [],
  });
  const ticket = (id: string, people: readonly string[]) => ({
    id,
    Subject: "x",
    Status: "open",
    Created: time(0),
    LastUpdated: time(Math.max(0, ...changes.filter((one) => one.ticket === id).map(({ at }) => at))),
    LastUpdatedBy: { id: "9" },
    Requestor: people.map((EmailAddress) => ({ id: EmailAddress, EmailAddress, RealName: "" })),
    CustomFields: [],
  });

  async function fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.replace("/REST/2.0", "");
    asked.push(path);
    now += 1;
    most = Math.max(most, now);
    const body = request.method === "POST" ? await request.text() : "";
    if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
    now -= 1;
    return Response.json(answer(path, url.searchParams, body));
  }
  return { changes, tickets, asked, most: () => most, fetch };
}

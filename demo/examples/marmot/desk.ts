type Status = "new" | "working" | "waiting" | "closed";

export interface NewNote {
  readonly body?: string;
  /** "person", or an agent's name. */
  readonly by?: string;
  readonly internal?: boolean;
  readonly reference?: string | undefined;
  readonly files?: readonly string[];
  readonly status?: Status;
}

export interface NewCase extends NewNote {
  readonly subject: string;
  readonly person: { readonly id: string };
  readonly extra?: unknown;
}

interface Entry extends Omit<NewNote, "status"> {
  readonly id: number;
  readonly from?: Status;
  readonly to?: Status;
  readonly at: number;
}

interface Case extends Pick<NewCase, "subject" | "reference" | "extra"> {
  readonly no: number;
  readonly person: string;
  readonly opened: number;
  readonly entries: Entry[];
  status: Status;
  changed: number;
  changedBy: string;
  /** The number of changes of the whole desk. */
  turn: number;
}

interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly person: string;
  readonly bytes: Buffer;
  /** The case that it is attached to. */
  no?: number;
}

const SUBJECT_MOST = 150;

/** Marmot, a fictitious help desk, in memory. Returns undefined for anything not found. */
export function createDesk() {
  const cases = new Map<string, Case>();
  const files = new Map<string, StoredFile>();
  const gone: { readonly turn: number; readonly gone: number; readonly person: string }[] = [];
  let turn = 0;

  const brief = ({ entries: _entries, ...one }: Case) => one;
  const info = (file: StoredFile | undefined) => file && { ...file, bytes: undefined, size: file.bytes.length };
  const shown = (entry: Entry) => ({ ...entry, files: entry.files?.map((id) => info(files.get(id))) });

  function write(one: Case, { body = "", by = "agent", internal = false, status, ...note }: NewNote) {
    const said: Entry[] = [];
    // Silently ignores unknown files.
    const known = (note.files ?? []).flatMap((id) => files.get(id) ?? []);
    for (const file of known) file.no = one.no;
    const base = { by, internal, at: Date.now() };
    if (body !== "" || known.length > 0) {
      said.push({ ...note, ...base, id: (turn += 1), body, files: known.map(({ id }) => id) });
    }
    if (status !== undefined && status !== one.status) {
      said.push({ ...base, id: (turn += 1), from: one.status, to: status });
      one.status = status;
    }
    one.entries.push(...said);
    if (said.length > 0 && !internal) Object.assign(one, { changed: Date.now(), changedBy: by, turn });
    return said.map(shown)[0] ?? {};
  }

  /** Last changed first. */
  function wanted(query: URLSearchParams): readonly Case[] {
    const fits = (name: string, value = "") => query.get(name)?.split(",").includes(value) ?? true;
    const before = Number(query.get("before") ?? Number.POSITIVE_INFINITY);
    return [...cases.values()]
      .filter((one) => fits("person", one.person) && fits("reference", one.reference) && fits("status", one.status))
      .filter((one) => one.turn < before)
      .toSorted((left, right) => right.turn - left.turn);
  }

  return {
    open({ subject, person, extra, ...note }: NewCase) {
      const at = Date.now();
      const no = 1000 + cases.size + gone.length;
      // Silently truncates long subjects and replaces empty ones.
      const title = subject.slice(0, SUBJECT_MOST) || "(no subject)";
      const base = { no, subject: title, person: person.id, extra, reference: note.reference };
      const one: Case = { ...base, status: "new", opened: at, changed: at, changedBy: "person", turn, entries: [] };
      cases.set(String(no), one);
      write(one, { ...note, by: "person" });
      return brief(one);
    },

    list: (query: URLSearchParams, most: number) => wanted(query).slice(0, most).map(brief),
    count: (query: URLSearchParams) => ({ count: wanted(query).length }),

    read(no: string) {
      const one = cases.get(no);
      return one && { ...one, entries: one.entries.map(shown) };
    },

    note(no: string, note: NewNote) {
      const one = cases.get(no);
      return one && write(one, note);
    },

    remove(no: string) {
      const one = cases.get(no);
      if (one) gone.push({ turn: (turn += 1), gone: one.no, person: one.person });
      return cases.delete(no) || undefined;
    },

    /** A person's changes after a turn; without `after`, none, and the current turn. */
    changes(query: URLSearchParams) {
      const person = query.get("person");
      const after = Number(query.get("after") ?? turn);
      const own = [...cases.values()].filter((one) => one.person === person);
      const told = own.flatMap((one) =>
        one.entries.map((entry) => ({ turn: entry.id, case: brief(one), entry: shown(entry) })),
      );
      const later = [...told, ...gone.filter((each) => each.person === person)].filter((each) => each.turn > after);
      return { last: turn, changes: later.toSorted((left, right) => left.turn - right.turn) };
    },

    keep(query: URLSearchParams, type: string, bytes: Buffer) {
      const id = crypto.randomUUID();
      files.set(id, { id, name: query.get("name") ?? "", person: query.get("person") ?? "", type, bytes });
      return info(files.get(id));
    },

    file: (id: string) => info(files.get(id)),
    bytes: (id: string) => files.get(id)?.bytes,
  };
}

import { AdapterError, type Adapter } from "../../src/index.ts";

interface Issue {
  readonly id: number;
  readonly subject: string;
  readonly created: string;
}

/** A tracker with an HTTP API of its own. Behind the gateway: its token never reaches a browser. */
export function tracker(url: string, token: string): Adapter {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  return {
    name: "tracker",
    tickets: {
      async create({ title, text, clientId }, { member, signal }) {
        const body = JSON.stringify({ subject: title, text, from: member?.email, externalId: clientId });
        const request = { method: "POST", headers, body, signal };
        const answer = await fetch(`${url}/issues`, request).catch((cause: unknown) => {
          signal.throwIfAborted();
          throw new AdapterError("network", `${url} cannot be reached`, { cause });
        });
        if (answer.status === 422) throw new AdapterError("invalid", await answer.text());
        if (!answer.ok) throw new AdapterError("unavailable", `the tracker answered ${answer.status}`);
        const { id, subject, created }: Issue = await answer.json();
        return { id: `${id}`, number: `${id}`, title: subject, status: "open", createdAt: created, updatedAt: created };
      },
    },
  };
}

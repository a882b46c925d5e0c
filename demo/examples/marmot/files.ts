import { AdapterError, type CallContext, type UploadLimits, type UploadsApi } from "../../../src/index.ts";
import type { Api } from "./api.ts";
import { attachmentOf, memberOf, type StoredFile, type WholeCase } from "./cases.ts";

const limits = {
  maxBytes: 5 * 1024 * 1024,
  maxFiles: 5,
  accept: ["image/png", "image/jpeg", "application/pdf"],
} satisfies UploadLimits;

export function files(api: Api): UploadsApi {
  return {
    limits,

    async upload(file, ctx) {
      const person = memberOf(ctx).id;
      if (file.size > limits.maxBytes) throw new AdapterError("too-large", `the limit is ${limits.maxBytes} bytes`);
      if (file.size === 0) throw new AdapterError("invalid", "the file is empty");
      if (!limits.accept.includes(file.type)) throw new AdapterError("invalid", `Marmot takes no ${file.type}`);
      const init = { method: "POST", headers: { "Content-Type": file.type }, body: file } as const;
      const path = `/files?${new URLSearchParams({ name: file.name, person })}`;
      return attachmentOf(await api.call<StoredFile>(path, init, ctx.signal, async (answer) => await answer.json()));
    },

    async download(attachmentId, ctx) {
      const { id, type } = await visible(api, attachmentId, ctx);
      const bytes = await api.call(`/files/${id}/bytes`, {}, ctx.signal, async (answer) => await answer.blob());
      return new Blob([bytes], { type });
    },
  };
}

/** Marmot ignores unknown files and accepts other people's. Rejects with `invalid` before anything is written. */
export async function checkFiles(api: Api, ids: readonly string[], person: string, signal: AbortSignal): Promise<void> {
  const fault = (text: string) => new AdapterError("invalid", text, { fields: { attachments: text } });
  if (ids.length > limits.maxFiles) throw fault(`more than ${limits.maxFiles} files`);
  const found = await Promise.all(ids.map((id) => fileOf(api, id, signal)));
  const isUsable = (file: StoredFile | undefined) => file?.person === person && file.no === undefined;
  if (!found.every(isUsable)) throw fault("there is no such file of this member's");
}

/** The member's own file, or one in an agent's visible message to them. */
async function visible(api: Api, id: string, ctx: CallContext): Promise<StoredFile> {
  const member = memberOf(ctx);
  const file = await fileOf(api, id, ctx.signal);
  if (file?.person === member.id) return file;
  if (file?.no !== undefined) {
    const { entries, person } = await api.get<WholeCase>(`/cases/${file.no}`, {}, ctx.signal);
    const shown = entries.flatMap((entry) => (entry.internal ? [] : (entry.files ?? [])));
    if (person === member.id && shown.some((each) => each.id === id)) return file;
  }
  throw new AdapterError("not-found", "there is no such file that this member may see");
}

async function fileOf(api: Api, id: string, signal: AbortSignal): Promise<StoredFile | undefined> {
  if (!/^[\w-]+$/.test(id)) return undefined;
  return await api.get<StoredFile>(`/files/${id}`, {}, signal).catch((error: unknown) => {
    if (error instanceof AdapterError && error.code === "not-found") return undefined;
    throw error;
  });
}

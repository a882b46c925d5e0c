import { abortable } from "../../core/contract/abortable.ts";
import type { Attachment, UploadContext, UploadLimits, UploadsApi } from "../../core/contract/adapter.ts";
import { AdapterError, isAdapterError, isRetryable } from "../../core/contract/errors.ts";
import { acceptedType } from "../../core/contract/file-types.ts";
import { attachment } from "../../protocol/data.ts";
import { FILES_PATH, routes, UPLOADS_PATH } from "../../protocol/routes.ts";
import { segment, type Client } from "./client.ts";
import { misplaced, read, statusOf } from "./errors.ts";
import { only } from "./only.ts";

/** Remembers the addresses of unfinished uploads, by the file's `clientId`, so that they continue after a reload. */
export interface UploadUrls {
  get(clientId: string): Promise<string | undefined>;
  set(clientId: string, url: string | undefined): Promise<void>;
}

const CHUNK_BYTES = 512 * 1024;
/** For slow connections: received bytes count, even if the chunk is cut. */
const CHUNK_MS = 60_000;
const DOWNLOAD_MS = 120_000;
const TRIES = 5;
const FIRST_PAUSE_MS = 250;
const tus = { "Tus-Resumable": "1.0.0" };

/** Files by the tus resumable-upload protocol 1.0.0, over the same client as everything else. */
export function createUploads(
  client: Client,
  methods: readonly string[],
  limits: UploadLimits | undefined,
  urls: UploadUrls,
): UploadsApi {
  const sendChunk = createChunks(client);
  const all: Required<UploadsApi> = {
    limits: limits ?? {},
    async upload(file, ctx) {
      ctx.signal.throwIfAborted();
      const sent = checked(file, limits);
      const started = await resume(client, urls, sent, ctx);
      if (started.attachment === undefined) await sendAll(client, sendChunk, started.id, sent, started.offset, ctx);
      const done = started.attachment ?? (await persist(ctx.signal, async () => await finish(client, started.id, ctx)));
      if (ctx.clientId !== undefined) await urls.set(ctx.clientId, undefined);
      ctx.onProgress?.(1);
      return done;
    },
    async download(id, ctx) {
      const path = `${FILES_PATH}/${segment(id)}`;
      return await client.raw({ method: "GET", path }, ctx, DOWNLOAD_MS, async (response) => {
        // The gateway never serves a member's file as a page.
        if (/^text\/html\b/i.test(response.headers.get("Content-Type") ?? "")) throw misplaced(response);
        return await response.blob();
      });
    },
  };
  return { upload: all.upload, ...(limits ? { limits } : {}), ...only({ download: all.download }, methods) };
}

/** The file with the type that it is uploaded as. */
function checked(file: File, limits: UploadLimits | undefined): File {
  const { maxBytes, accept } = limits ?? {};
  if (maxBytes !== undefined && file.size > maxBytes) {
    throw new AdapterError("too-large", `"${file.name}" has ${file.size} bytes, the limit is ${maxBytes}`);
  }
  const type = acceptedType(file, accept);
  if (type === undefined) throw new AdapterError("invalid", `files of type "${file.type}" are not accepted`);
  return type === file.type ? file : new File([file], file.name, { type });
}

interface Started {
  readonly id: string;
  readonly offset: number;
  /** Set if the desk has the whole file already: only the answer was lost. */
  readonly attachment?: Attachment;
}

/** Continues the upload of this `clientId`, or starts one. */
async function resume(client: Client, urls: UploadUrls, file: File, ctx: UploadContext): Promise<Started> {
  const url = ctx.clientId === undefined ? undefined : await abortable(urls.get(ctx.clientId), ctx.signal);
  const prefix = `${client.endpoint}${UPLOADS_PATH}/`;
  if (url?.startsWith(prefix) === true) {
    const id = url.slice(prefix.length);
    const offset = await unlessGone(persist(ctx.signal, async () => await offsetOf(client, id, file, ctx)));
    if (offset !== undefined) return { id, offset };
    const done = await unlessGone(persist(ctx.signal, async () => await finish(client, id, ctx)));
    if (done !== undefined) return { id, offset: file.size, attachment: done };
  }
  const id = await persist(ctx.signal, async () => await create(client, file, ctx));
  if (ctx.clientId !== undefined) await urls.set(ctx.clientId, `${prefix}${id}`);
  return { id, offset: 0 };
}

async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isAdapterError(error) && (error.code === "not-found" || error.code === "invalid")) return undefined;
    throw error;
  }
}

async function create(client: Client, file: File, ctx: UploadContext): Promise<string> {
  const metadata = `filename ${base64(file.name)},filetype ${base64(file.type)}`;
  const headers = { ...tus, "Upload-Length": String(file.size), "Upload-Metadata": metadata };
  return await client.raw({ method: "POST", path: UPLOADS_PATH, headers }, ctx, CHUNK_MS, (response) => {
    // Only the id is taken from it: the token is only sent to the endpoint.
    const id = /\/([\w-]+)\/?$/.exec(response.headers.get("Location") ?? "")?.[1];
    if (id === undefined) throw misplaced(response);
    return id;
  });
}

async function offsetOf(client: Client, id: string, file: File, ctx: UploadContext): Promise<number> {
  const ask = { method: "HEAD", path: `${UPLOADS_PATH}/${segment(id)}`, headers: tus };
  return await client.raw(ask, ctx, CHUNK_MS, (response) => {
    if (Number(response.headers.get("Upload-Length")) !== file.size) {
      throw new AdapterError("not-found", "this upload is of another file");
    }
    return offsetIn(response);
  });
}

async function sendAll(
  client: Client,
  sendChunk: SendChunk,
  id: string,
  file: File,
  start: number,
  ctx: UploadContext,
): Promise<void> {
  let offset = start;
  let failures = 0;
  while (offset < file.size) {
    const before = offset;
    try {
      // oxlint-disable-next-line no-await-in-loop -- the bytes go in order
      offset = await sendChunk(id, file, offset, ctx);
    } catch (error) {
      if (failures >= TRIES || !isRetryable(error)) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await pause(failures, ctx.signal);
      // oxlint-disable-next-line no-await-in-loop -- see above
      offset = await persist(ctx.signal, async () => await offsetOf(client, id, file, ctx));
    }
    failures = offset > before ? 0 : failures + 1;
    if (offset > before) ctx.onProgress?.(offset / file.size);
  }
}

/** Returns the offset that the gateway has reached. */
type SendChunk = (id: string, file: File, offset: number, ctx: UploadContext) => Promise<number>;

function createChunks(client: Client): SendChunk {
  /** A proxy does not support PATCH: until the page is closed, a POST with an override is used. */
  let asPost = false;

  async function send(id: string, chunk: ArrayBuffer, offset: number, ctx: UploadContext): Promise<number> {
    const headers = {
      ...tus,
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
      ...(asPost && { "X-HTTP-Method-Override": "PATCH" }),
    };
    const ask = { method: asPost ? "POST" : "PATCH", path: `${UPLOADS_PATH}/${segment(id)}`, headers, body: chunk };
    return await client.raw(ask, ctx, CHUNK_MS, offsetIn);
  }
  return async (id, file, offset, ctx) => {
    const chunk = await file.slice(offset, offset + CHUNK_BYTES).arrayBuffer();
    try {
      return await send(id, chunk, offset, ctx);
    } catch (error) {
      if (asPost || !refusesMethod.includes(statusOf(error))) throw error;
      asPost = true;
      return await send(id, chunk, offset, ctx);
    }
  };
}

/** Method Not Allowed, Not Implemented. */
const refusesMethod: readonly (number | undefined)[] = [405, 501];

async function finish(client: Client, id: string, ctx: UploadContext): Promise<Attachment> {
  const path = routes.finishUpload.path.replace(":id", () => segment(id));
  return await client.raw(
    { method: "POST", path },
    ctx,
    CHUNK_MS,
    async (response) => await read(response, attachment),
  );
}

function offsetIn(response: Response): number {
  const header = response.headers.get("Upload-Offset");
  if (header === null || !/^\d+$/.test(header)) throw misplaced(response);
  return Number(header);
}

/** Retries temporary failures, a few times with increasing delays. */
async function persist<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      return await run();
    } catch (error) {
      if (failures >= TRIES || !isRetryable(error)) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await pause(failures, signal, isAdapterError(error) ? error.retryAfterMs : undefined);
    }
  }
}

async function pause(failures: number, signal: AbortSignal, least = 0): Promise<void> {
  const ms = Math.max(least, FIRST_PAUSE_MS * 2 ** failures);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await abortable(over, signal);
  } finally {
    clearTimeout(timer);
  }
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

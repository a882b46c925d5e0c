import { existsSync, openAsBlob } from "node:fs";
import type { Hono } from "hono";
import * as v from "valibot";
import { abortable } from "../core/contract/abortable.ts";
import type { Attachment, Member, UploadsApi } from "../core/contract/adapter.ts";
import { adapterErrorCodes } from "../core/contract/errors.ts";
import { problemDocument } from "../protocol/problems.ts";
import { FILES_PATH, routes, UPLOADS_PATH } from "../protocol/routes.ts";
import { accessTo, requireAccess } from "./access.ts";
import { addEndpoint, addressOf, callOf, callSignal, limitWrite, type Gate } from "./endpoint.ts";
import { attachmentDisposition } from "./file-names.ts";
import { downloadType, fitsType, HEAD_BYTES } from "./file-types.ts";
import { hash } from "./hash.ts";
import { once } from "./idempotency.ts";
import { offers } from "./offers.ts";
import type { Settings } from "./settings.ts";
import { Problem } from "./problems.ts";
import type { Caller } from "./tokens.ts";
import { OUTCOME_PREFIX } from "./shared-store.ts";
import { createTus, type Tus } from "./tus.ts";

/** A stored refusal, as it was answered the first time. */
function problemAgain(status: number, kept: unknown): Problem {
  const document = v.safeParse(problemDocument, kept);
  const { code, detail = "this file was refused", fields } = document.success ? document.output : {};
  return new Problem(adapterErrorCodes.find((known) => known === code) ?? "invalid", detail, { status, fields });
}

const MEBIBYTE = 1024 * 1024;

/** Returns a function that stops the cleanup. */
export function addFileRoutes(app: Hono, gate: Gate, uploads: UploadsApi, directory: string): () => void {
  const { settings, identities } = gate;
  const tus = createTus({
    directory,
    path: `${settings.basePath}${UPLOADS_PATH}`,
    limits: uploads.limits ?? {},
    onError: settings.onError,
  });

  const member = async (request: Request): Promise<Member> => {
    const caller = await identities.of(request);
    return requireAnyAccess(caller, settings);
  };

  app.post(UPLOADS_PATH, async (context) => {
    const { raw } = context.req;
    const caller = await identities.of(raw);
    const who = requireAnyAccess(caller, settings);
    const address = addressOf(context, settings);
    await limitWrite(gate, caller, address);
    await limitBytes(gate, who, address, Number(context.req.header("Upload-Length")));
    return await tus.handle(raw, who);
  });
  app.on(
    ["PATCH", "DELETE"],
    `${UPLOADS_PATH}/:id`,
    async ({ req }) => await tus.handle(req.raw, await member(req.raw)),
  );
  // For proxies that do not support PATCH: tus 1.0.0 allows a POST that overrides the method.
  app.post(`${UPLOADS_PATH}/:id`, async ({ req }) => {
    if (req.header("X-HTTP-Method-Override")?.toUpperCase() !== "PATCH") {
      throw new Problem("not-found", "this address does not accept POST");
    }
    const who = await member(req.raw);
    return await tus.handle(new Request(req.raw, { method: "PATCH" }), who);
  });
  // Hono passes HEAD to the route of GET; uploads cannot be read here.
  app.get(`${UPLOADS_PATH}/:id`, async ({ req }) => {
    if (req.raw.method !== "HEAD") throw new Problem("not-found", "an upload cannot be read here");
    return await tus.handle(req.raw, await member(req.raw));
  });

  addEndpoint(app, gate, routes.finishUpload, {
    handle: async ({ id, caller, ctx }) => {
      const who = requireAnyAccess(caller, settings);
      const { status, body } = await once({
        store: settings.store,
        key: `${OUTCOME_PREFIX}${hash("finish", who.id, id)}`,
        fingerprint: "",
        run: async () => ({ status: 200, body: await handOn(tus, uploads, id, { ...ctx, member: who }) }),
        onStoreError: settings.onError,
      });
      if (status !== 200) throw problemAgain(status, body);
      return body;
    },
  });

  if (offers(uploads, "download")) {
    app.get(`${FILES_PATH}/:id`, async (context) => {
      const caller = await identities.of(context.req.raw);
      const who = requireAnyAccess(caller, settings);
      await gate.limit("reads", who.id);
      const { ctx, id } = callOf(context, gate, caller, callSignal(context.req.raw));
      return download(await abortable(uploads.download(id, ctx), ctx.signal));
    });
  }
  return () => tus.dispose();
}

/** Before a byte of it is accepted. An invalid length is refused later. */
async function limitBytes({ limit }: Gate, who: Member, address: string, bytes: number): Promise<void> {
  const mebibytes = Number.isSafeInteger(bytes) && bytes > 0 ? Math.ceil(bytes / MEBIBYTE) : 1;
  await limit("uploads", who.id, mebibytes);
  if (who.guest === true) await limit("guestUploads", address, mebibytes);
}

/** Passes a complete file to the desk, and deletes it once the desk has it. */
async function handOn(
  tus: Tus,
  uploads: UploadsApi,
  id: string,
  ctx: Parameters<UploadsApi["upload"]>[1] & { readonly member: Member },
): Promise<Attachment> {
  const { path, name, type } = await tus.whole(id, ctx.member);
  /** The member may delete it at the same moment; a failing disk is an error. */
  const gone = (cause: unknown): never => {
    if (existsSync(path)) throw cause;
    throw new Problem("not-found", "there is no such upload", { cause });
  };
  const blob = await openAsBlob(path, { type }).catch(gone);
  const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer().catch(gone));
  if (!fitsType(type, head)) {
    // Another copy, or the member, may have deleted it already.
    await tus.remove(id).catch(() => undefined);
    throw new Problem("invalid", `the file is not of the declared type "${type}"`, {
      fields: { file: "is not of its declared type" },
    });
  }
  const attachment = await uploads.upload(new File([blob], name, { type }), { ...ctx, clientId: id });
  // The desk has it: a file that cannot be deleted now is deleted with the unfinished uploads.
  await tus.remove(id).catch(() => undefined);
  return attachment;
}

function requireAnyAccess(caller: Caller | undefined, settings: Settings): Member {
  const area = accessTo("tickets", caller, settings).allowed ? "tickets" : "chat";
  return requireAccess(area, caller, settings);
}

/** Never shown in a page of this origin, whatever it contains. */
function download(blob: Blob): Response {
  return new Response(blob.stream(), {
    headers: {
      "Content-Type": downloadType(blob.type),
      "Content-Length": String(blob.size),
      "Content-Disposition": attachmentDisposition(blob instanceof File ? blob.name : "file"),
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "private, no-store",
    },
  });
}

import { mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { FileStore } from "@tus/file-store";
import { ERRORS, Server, type Upload } from "@tus/server";
import type { Member, UploadLimits } from "../core/contract/adapter.ts";
import { acceptedType } from "../core/contract/file-types.ts";
import { codeOfStatus, PROBLEM_TYPE } from "../protocol/problems.ts";
import { cleanFileName } from "../core/contract/file-name.ts";
import { FREE_BYTES } from "./bounds.ts";
import { withExtensionOf } from "./file-types.ts";
import { isProblem, Problem, problemDocumentOf } from "./problems.ts";

export interface Tus {
  /** One tus request by this member, who can only access their own uploads. */
  handle(request: Request, member: Member): Promise<Response>;
  /** A complete file of this member. Rejects with 404, or with 409 while bytes are missing. */
  whole(id: string, member: Member): Promise<WholeFile>;
  remove(id: string): Promise<void>;
  dispose(): void;
}

export interface WholeFile {
  readonly path: string;
  readonly name: string;
  readonly type: string;
}

export interface TusOptions {
  readonly directory: string;
  /** Absolute on this origin: "/podpora/uploads". */
  readonly path: string;
  readonly limits: UploadLimits;
  readonly onError: (error: unknown) => void;
}

const DEFAULT_MAX_BYTES = 25 * 1024 * 1024;

/** What an OPTIONS request asks for (tus 1.0.0, "OPTIONS"). A deferred length is refused, so it is not offered. */
export function tusOffer({ maxBytes = DEFAULT_MAX_BYTES }: UploadLimits): Readonly<Record<string, string>> {
  return {
    "Tus-Resumable": "1.0.0",
    "Tus-Version": "1.0.0",
    "Tus-Extension": "creation,creation-with-upload,expiration,termination",
    "Tus-Max-Size": String(maxBytes),
  };
}
const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

export function createTus({ directory, path, limits, onError }: TusOptions): Tus {
  mkdirSync(directory, { recursive: true });
  const datastore = new FileStore({ directory, expirationPeriodInMilliseconds: DAY_MS });
  /** The caller of a request while it runs: the library only passes on the request. */
  const members = new WeakMap<object, Member>();
  const refusals = new WeakMap<object, Problem>();

  const server = new Server({
    path,
    datastore,
    relativeLocation: true,
    maxSize: limits.maxBytes ?? DEFAULT_MAX_BYTES,
    allowedOrigins: () => false,
    async onUploadCreate(request, upload) {
      await requireRoom(directory, upload.size ?? 0);
      const owner = members.get(request)?.id ?? null;
      return { metadata: { ...describe(upload, limits), owner } };
    },
    onResponseError(request, error) {
      const problem = problemOfTus(error);
      if (problem.status >= 500) onError(error);
      refusals.set(request, problem);
      return undefined;
    },
  });

  async function cleanUp(): Promise<void> {
    await server.cleanUpExpiredUploads().catch(onError);
  }
  const timer = setInterval(() => void cleanUp(), HOUR_MS);
  timer.unref();
  void cleanUp();

  async function owned(id: string, member: Member): Promise<Upload> {
    const upload = await datastore.getUpload(id).catch(() => undefined);
    if (upload === undefined || upload.metadata?.owner !== member.id) {
      throw new Problem("not-found", "there is no such upload");
    }
    return upload;
  }

  return {
    async handle(request, member) {
      if (request.method !== "POST") await owned(new URL(request.url).pathname.slice(path.length + 1), member);
      members.set(request, member);
      const response = await server.handleWeb(request);
      // Which pages may read the answer is set once, for all routes.
      response.headers.delete("Access-Control-Expose-Headers");
      if (response.status < 400) return response;
      return toldAsProblem(response, refusals.get(request) ?? refusedByTus(response.status, await response.text()));
    },

    async whole(id, member) {
      const upload = await owned(id, member);
      if (upload.offset !== upload.size || upload.storage?.path === undefined) {
        throw new Problem("unavailable", `${upload.offset} of ${upload.size} bytes have arrived`, { status: 409 });
      }
      const { filename, filetype } = upload.metadata ?? {};
      return { path: upload.storage.path, name: filename ?? "file", type: filetype ?? "application/octet-stream" };
    },

    remove: async (id) => await datastore.remove(id),
    dispose: () => clearInterval(timer),
  };
}

/** Rejects with 507 before the disk is full: the other services of the machine need space too. */
async function requireRoom(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize - bytes >= FREE_BYTES) return;
  throw new Problem("unavailable", "there is no space for files now", { status: 507, retryAfterMs: 60_000 });
}

/** Throws if the desk would not accept the file: before any of it is received. */
function describe(upload: Upload, { accept }: UploadLimits): { readonly filename: string; readonly filetype: string } {
  if (upload.size === undefined) throw new Problem("invalid", "Upload-Length is missing: send the whole size at once");
  if (upload.size === 0) throw new Problem("invalid", "the file is empty", { fields: { file: "must not be empty" } });
  const name = cleanFileName(upload.metadata?.filename ?? "");
  const told = upload.metadata?.filetype ?? "";
  const type = told === "" ? undefined : acceptedType({ name, type: told }, accept);
  if (type === undefined || !/^[\w.+-]+\/[\w.+-]+$/.test(type)) {
    throw new Problem("invalid", `files of type "${told}" are not accepted`, {
      fields: { file: "is of a type that is not accepted" },
    });
  }
  return { filename: cleanFileName(withExtensionOf(type, name)), filetype: type };
}

const full = ["ENOSPC", "EDQUOT", "EFBIG"];

function problemOfTus(error: Error | { readonly status_code: number; readonly body: string }): Problem {
  if (isProblem(error)) return error;
  if (error === ERRORS.FILE_WRITE_ERROR || ("code" in error && full.includes(String(error.code)))) {
    return new Problem("unavailable", "the file cannot be stored now", {
      status: 507,
      retryAfterMs: 60_000,
      cause: error,
    });
  }
  return "status_code" in error
    ? refusedByTus(error.status_code, error.body)
    : new Problem("unknown", "something went wrong", { cause: error });
}

function refusedByTus(status: number, body: string): Problem {
  if (status === 501) return new Problem("invalid", "this extension of tus is not supported");
  return new Problem(codeOfStatus(status), status < 500 ? body.trim() : "something went wrong", { status });
}

function toldAsProblem(response: Response, problem: Problem): Response {
  const headers = new Headers(response.headers);
  headers.set("Content-Type", PROBLEM_TYPE);
  headers.delete("Content-Length");
  if (problem.retryAfterMs !== undefined) headers.set("Retry-After", String(Math.ceil(problem.retryAfterMs / 1000)));
  return new Response(JSON.stringify(problemDocumentOf(problem)), { status: problem.status, headers });
}

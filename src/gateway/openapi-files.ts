import type { Json } from "./openapi-schemas.ts";

// Uploads by tus 1.0.0 (https://tus.io/protocols/resumable-upload), downloads, and the gateway's other addresses. By
// method and path, as in the gateway.

const header = (name: string, description: string, required = false): Json => ({
  name,
  in: "header",
  required,
  description,
  schema: { type: "string" },
});
const resumable = header("Tus-Resumable", "1.0.0", true);
const told = (name: string, description: string): Json => ({
  [name]: { description, schema: { type: "string" } },
});
const anyBytes: Json = { required: true, content: { "application/offset+octet-stream": { schema: {} } } };
const text = (type: string, description: string): Json => ({
  "200": { description, content: { [type]: { schema: {} } } },
});

export interface PlainOperation {
  readonly id: string;
  readonly summary: string;
  readonly tag: "files" | "gateway";
  readonly access: "token" | "public";
  readonly responses: Json;
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
}

export const plainOperations: Readonly<Record<string, PlainOperation>> = {
  "POST /uploads": {
    id: "createUpload",
    summary: "Starts an upload (tus, creation)",
    tag: "files",
    access: "token",
    parameters: [
      resumable,
      header("Upload-Length", "The size in bytes", true),
      header("Upload-Metadata", "`filename` and `filetype`, their values in Base64", true),
    ],
    responses: { "201": { description: "Begun", headers: told("Location", "The address for the bytes") } },
  },
  "GET /uploads/:id": {
    id: "uploadOffset",
    summary: "The number of bytes received (tus)",
    tag: "files",
    access: "token",
    parameters: [resumable],
    responses: { "200": { description: "The state of the upload", headers: told("Upload-Offset", "Bytes received") } },
  },
  "PATCH /uploads/:id": {
    id: "sendUpload",
    summary: "Sends the next bytes (tus)",
    tag: "files",
    access: "token",
    parameters: [resumable, header("Upload-Offset", "The offset of the first byte", true)],
    requestBody: anyBytes,
    responses: { "204": { description: "Arrived", headers: told("Upload-Offset", "Bytes received") } },
  },
  "POST /uploads/:id": {
    id: "sendUploadByPost",
    summary: "Sends the next bytes through a proxy without PATCH (tus, X-HTTP-Method-Override)",
    tag: "files",
    access: "token",
    parameters: [
      resumable,
      header("Upload-Offset", "The offset of the first byte", true),
      header("X-HTTP-Method-Override", "PATCH", true),
    ],
    requestBody: anyBytes,
    responses: { "204": { description: "Arrived", headers: told("Upload-Offset", "Bytes received") } },
  },
  "DELETE /uploads/:id": {
    id: "dropUpload",
    summary: "Cancels an upload (tus, termination)",
    tag: "files",
    access: "token",
    parameters: [resumable],
    responses: { "204": { description: "Removed" } },
  },
  "GET /files/:id": {
    id: "downloadFile",
    summary: "The bytes of an attachment",
    tag: "files",
    access: "token",
    responses: text("application/octet-stream", "The file"),
  },
  "GET /openapi.json": {
    id: "openapi",
    summary: "This document",
    tag: "gateway",
    access: "public",
    responses: text("application/json", "OpenAPI 3.1"),
  },
  "GET /chat": {
    id: "chatPage",
    summary: "The chat on a page of its own; the code is in the fragment, after `#`",
    tag: "gateway",
    access: "public",
    responses: text("text/html", "The page"),
  },
};

import type { Attachment } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { fitsType, HEAD_BYTES } from "../../src/gateway/file-types.ts";
import type { Agent } from "./agents.ts";
import type { Files } from "./files.ts";

export interface AgentFiles {
  /** Uploads a file for a message, with the same limits as members' files. The same `clientId` is stored once. */
  upload(agent: Agent, file: File, clientId: string, signal: AbortSignal): Promise<Attachment>;
  read(attachmentId: string): Promise<{ readonly attachment: Attachment; readonly blob: Blob }>;
}

export function createAgentFiles(files: Files): AgentFiles {
  return {
    async upload(agent, file, clientId, signal) {
      const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
      if (file.size > 0 && !fitsType(file.type, head)) {
        const message = `The file is not of the type "${file.type}" that it says.`;
        throw new AdapterError("invalid", message, { fields: { file: message } });
      }
      return files.store(file, { agentId: agent.id }, { signal, clientId });
    },
    read: (attachmentId) => files.readAsAgent(attachmentId),
  };
}

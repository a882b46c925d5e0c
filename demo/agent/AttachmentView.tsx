import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Attachment } from "../../src/core/contract/adapter.ts";
import { useDesk } from "./context.ts";

// Only image types that can't contain scripts.
const drawn = /^image\/(png|jpeg|gif|webp|avif)$/;

interface Props {
  readonly attachment: Attachment;
  /** A description of the picture. */
  readonly alt?: string;
}

/**
 * A thumbnail or a file name. Files are only downloaded, never opened, so that a member's file can't run in this page.
 */
export function AttachmentView({ alt = "", attachment }: Props) {
  const { act, calls } = useDesk();
  const picture = useSignal<string | undefined>(undefined);
  const { bytes, id, name, type } = attachment;

  useEffect(() => {
    if (!drawn.test(type)) return undefined;
    const stop = new AbortController();
    let address: string | undefined;
    async function load(): Promise<void> {
      const blob = await calls()?.file(id, stop.signal);
      if (!blob || stop.signal.aborted) return;
      address = URL.createObjectURL(blob);
      picture.value = address;
    }
    // The name and the button below work without the picture.
    load().catch(() => undefined);
    return () => {
      stop.abort();
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [id]);

  async function save(): Promise<void> {
    await act(async (agent) => {
      const address = URL.createObjectURL(new Blob([await agent.file(id)], { type: "application/octet-stream" }));
      const link = Object.assign(document.createElement("a"), { href: address, download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    });
  }

  return (
    <button type="button" class="attachment" onClick={() => void save()}>
      {picture.value !== undefined && <img src={picture.value} alt={alt} />}
      <span class="attachment-name">
        <span class="visually-hidden">Save </span>
        {name}
      </span>
      <span class="meta">{sizeText(bytes)}</span>
    </button>
  );
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

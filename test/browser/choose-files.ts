import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileChooser } from "playwright";
import { onTestFinished } from "vitest";

/** A file in Playwright's format. */
export interface Payload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/**
 * Playwright sends a buffer to the page as Base64: about 0.2 s per MB on an idle machine, and more than its 30 s
 * timeout for 45 MB on a busy one. A file on the disk is read by the browser itself.
 */
const largeBytes = 1_000_000;

/** Chooses files in the browser's file dialog: large ones from the disk. */
export async function chooseFiles(chooser: FileChooser, files: readonly Payload[]): Promise<void> {
  if (files.every(({ buffer }) => buffer.length < largeBytes)) return await chooser.setFiles([...files]);
  const folder = mkdtempSync(join(tmpdir(), "podpora-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const paths = files.map(({ name, buffer }) => {
    const path = join(folder, name);
    writeFileSync(path, buffer);
    return path;
  });
  await chooser.setFiles(paths);
}

import { expect, test, vi } from "vitest";
import { createDownloads } from "../../../src/core/delivery/downloads.ts";

const mebibyte = 1024 * 1024;
/** A blob that says how large it is, without so many bytes. */
const blob = (bytes: number) => Object.defineProperty(new Blob(), "size", { value: bytes });

test("a picture is fetched once, however often it is shown, also while it is on its way", async () => {
  const fetchFile = vi.fn<(id: string) => Promise<Blob>>(async () => new Blob(["x"]));
  const downloads = createDownloads(fetchFile);
  const [one, two] = await Promise.all([downloads.get("nina"), downloads.get("nina")]);
  expect(await downloads.get("nina")).toBe(one);
  expect([two, fetchFile.mock.calls]).toEqual([one, [["nina"]]]);
});

test("a picture that could not be fetched is asked for again the next time it is shown", async () => {
  const fetchFile = vi.fn<(id: string) => Promise<Blob>>().mockRejectedValueOnce(new Error("no route"));
  fetchFile.mockResolvedValue(new Blob(["x"]));
  const downloads = createDownloads(fetchFile);
  await expect(downloads.get("nina")).rejects.toThrow("no route");
  expect((await downloads.get("nina"))?.size).toBe(1);
});

test("no more than 32 MiB are kept: the oldest are fetched again", async () => {
  const fetchFile = vi.fn<(id: string) => Promise<Blob>>(async () => blob(10 * mebibyte));
  const downloads = createDownloads(fetchFile);
  for (const id of ["a", "b", "c", "d"]) await downloads.get(id);
  for (const id of ["b", "c", "d"]) await downloads.get(id);
  expect(fetchFile).toHaveBeenCalledTimes(4);
  await downloads.get("a");
  expect(fetchFile.mock.calls.map(([id]) => id)).toEqual(["a", "b", "c", "d", "a"]);
});

test("a file that is larger than that is given all the same", async () => {
  const downloads = createDownloads(async () => blob(100 * mebibyte));
  expect((await downloads.get("a"))?.size).toBe(100 * mebibyte);
});

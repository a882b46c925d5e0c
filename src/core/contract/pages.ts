/** A list that is longer than this is not read to its end. */
const pagesAtMost = 1_000;

/**
 * The pages of a list, from the one that `first` names: `read` gives a page, which names the next one. A desk's mistake has
 * an end: a page that was read before is not read again.
 */
export async function* pagesOf<Page extends { readonly next?: string }>(
  first: string | undefined,
  read: (cursor: string | undefined) => Promise<Page | undefined>,
): AsyncGenerator<Page, void, undefined> {
  const known = new Set<string | undefined>();
  let cursor = first;
  while (!known.has(cursor) && known.size < pagesAtMost) {
    known.add(cursor);
    // oxlint-disable-next-line no-await-in-loop -- each page names the next one
    const page = await read(cursor);
    if (!page) return;
    yield page;
    if (page.next === undefined) return;
    cursor = page.next;
  }
}

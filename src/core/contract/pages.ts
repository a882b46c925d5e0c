/** A longer list is not read completely. */
const pagesAtMost = 1_000;

/**
 * The pages of a list, from the one that `first` names: `read` returns a page, which names the next one. Protects
 * against a desk's loop: no page is read twice.
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

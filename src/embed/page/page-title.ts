/** As many of its own titles as a page may restore from a cache. */
const rememberedTitles = 50;

/** Puts "(2) " before the page's own title, whatever the site does with it meanwhile. Without a title: "(2)". */
export function createTitleCount() {
  /** The page's own title for each shown one: a page cache restores the shown one. */
  const own = new Map<string, string>();
  let count = 0;
  let title = "";
  /** As the browser returns it: stripped, with collapsed spaces. */
  let shown: string | undefined;

  function show() {
    if (document.title !== shown) title = own.get(document.title) ?? document.title;
    if (count > 0 || document.title !== title) document.title = count > 0 ? `(${count}) ${title}`.trim() : title;
    shown = document.title;
    if (count === 0) return;
    own.set(shown, title);
    const [oldest] = own.keys();
    if (own.size > rememberedTitles && oldest !== undefined) own.delete(oldest);
  }

  // A router of the site sets a new title, or a new head.
  const observer = new MutationObserver(follow);
  function follow() {
    observer.disconnect();
    show();
    observer.observe(document.documentElement, { childList: true });
    if (document.head) observer.observe(document.head, { subtree: true, childList: true, characterData: true });
  }

  return {
    show(next: number) {
      count = next;
      follow();
    },
    stop() {
      count = 0;
      observer.disconnect();
      if (shown === undefined) return;
      show();
      // Created to show a count.
      if (title === "") document.querySelector("head > title:empty")?.remove();
    },
  };
}

/** As many titles of its own as a page is expected to bring back from a cache. */
const rememberedTitles = 50;

/** "(2) " before the page's own title, whatever the site makes of it meanwhile. Without a title of its own: "(2)". */
export function createTitleCount() {
  /** What the page's own title was when this one was shown: a page cache brings the shown one back. */
  const own = new Map<string, string>();
  let count = 0;
  let title = "";
  /** As the browser gives it back: it strips and collapses spaces. */
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

  // A router of the site sets the title anew on its way, or brings a new head.
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
      // The one that had to be made to show a count.
      if (title === "") document.querySelector("head > title:empty")?.remove();
    },
  };
}

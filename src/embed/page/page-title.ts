/** "(2) " before the page's own title, whatever the site makes of it meanwhile. */
export function createTitleCount() {
  let prefix = "";
  const own = () =>
    prefix && document.title.startsWith(prefix) ? document.title.slice(prefix.length) : document.title;
  function set(next: string) {
    const title = next + own();
    prefix = next;
    if (document.title !== title) document.title = title;
  }
  // A router of the site sets the title anew on its way.
  const observer = new MutationObserver(() => set(prefix));
  observer.observe(document.head, { subtree: true, childList: true, characterData: true });
  return {
    show(count: number) {
      set(count > 0 ? `(${count}) ` : "");
    },
    stop() {
      observer.disconnect();
      set("");
    },
  };
}

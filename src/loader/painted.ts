/** Resolves when the browser has painted the page; in a hidden tab, which does not paint, after a short time. */
export async function painted(): Promise<void> {
  await new Promise<void>((resolve) => {
    if (document.hidden) setTimeout(resolve);
    else requestAnimationFrame(() => setTimeout(resolve));
  });
}

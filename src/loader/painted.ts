/** Resolves when the browser has drawn what is on the page now; in a tab that nobody sees, which draws nothing, soon. */
export async function painted(): Promise<void> {
  await new Promise<void>((resolve) => {
    if (document.hidden) setTimeout(resolve);
    else requestAnimationFrame(() => setTimeout(resolve));
  });
}

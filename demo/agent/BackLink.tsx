/** Shown only if the lists and the open item don't fit side by side. */
export function BackLink() {
  return (
    <a class="back" href="#all">
      ← All work
    </a>
  );
}

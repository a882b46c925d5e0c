/** Only where the lists and the open thing do not fit side by side. */
export function BackLink() {
  return (
    <a class="back" href="#all">
      ← All work
    </a>
  );
}

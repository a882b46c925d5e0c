const paths = {
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  down: "M6 9.5l6 6 6-6",
  info: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 11v5M12 8v.01",
  message: "M4.5 6.5h15v10h-8l-4 3.5V16.5h-3z",
  plus: "M12 5v14M5 12h14",
  paperclip: "M20 11.5l-8.2 8.2a5 5 0 0 1-7-7L13 4.5a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.2a1.6 1.6 0 0 1-2.3-2.3l7.6-7.6",
  send: "M4.5 12h14M13 6l6 6-6 6",
  newTab: "M10 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-4M14 5h5v5M19 5l-8 8",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
  chat: "M5 5h14v11H11l-5 4v-4H5z",
  retry: "M19 12a7 7 0 1 1-2.3-5.2M19 4v4h-4",
  file: "M7 4h7l4 4v12H7zM14 4v4h4",
  camera: "M4 8h3l1.5-2.5h7L17 8h3v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
  pen: "M5 19l1-4L16.5 4.5l3 3L9 18z",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4l3 2",
} as const;

export type IconName = keyof typeof paths;

/** Decorative: the name is in the text or in `aria-label`. Arrows are mirrored in right-to-left text. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  const turns = name === "back" || name === "forward" || name === "send";
  return (
    <svg class={turns ? "icon turns" : "icon"} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.75"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

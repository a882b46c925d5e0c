/** The floating button, in plain DOM: it is on the page before anything else of the widget runs. */
export interface Launcher {
  readonly element: HTMLButtonElement;
  /** Beside the button: what went wrong before there was a panel to say it in. */
  readonly trouble: HTMLElement;
  say(trouble: string): void;
  /** `label` is what it is called now; how much is waiting shows as a badge. */
  update(state: { readonly label: string; readonly open: boolean; readonly waiting: number }): void;
}

const namespace = "http://www.w3.org/2000/svg";
const icons = {
  help: "M5 5h14v11H11l-5 4v-4H5zM10 9a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6.9v.2M12 13.6v.1",
  close: "M6 6l12 12M18 6L6 18",
};

export function createLauncher(onClick: () => void): Launcher {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "launcher";
  element.setAttribute("part", "launcher");
  element.setAttribute("aria-haspopup", "dialog");
  const path = document.createElementNS(namespace, "path");
  const svg = document.createElementNS(namespace, "svg");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: "28",
    height: "28",
    "aria-hidden": "true",
  })) {
    svg.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries({
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.75",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  })) {
    path.setAttribute(name, value);
  }
  svg.append(path);
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.setAttribute("aria-hidden", "true");
  element.append(svg, badge);
  const trouble = document.createElement("p");
  trouble.className = "trouble";
  trouble.setAttribute("role", "alert");
  element.addEventListener("click", onClick);

  return {
    element,
    trouble,
    say(text) {
      trouble.textContent = text;
    },
    update({ label, open, waiting }) {
      element.setAttribute("aria-label", label);
      element.setAttribute("aria-expanded", String(open));
      path.setAttribute("d", open ? icons.close : icons.help);
      badge.hidden = open || waiting === 0;
      badge.textContent = waiting > 99 ? "99+" : String(waiting);
    },
  };
}

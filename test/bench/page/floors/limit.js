/** The limit: a launcher and a static panel of 120 nodes in a shadow root, without any library. */
import { createLauncher } from "./launcher.js";

createLauncher((root) => {
  const panel = document.createElement("section");
  panel.setAttribute("role", "dialog");
  panel.tabIndex = -1;
  for (let row = 0; row < 40; row++) {
    const line = document.createElement("p");
    const label = document.createElement("b");
    label.textContent = `Row ${row}`;
    line.append(label, document.createElement("i"));
    panel.append(line);
  }
  root.append(panel);
  panel.focus();
});

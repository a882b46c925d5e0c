// The limit: a launcher and a static panel of 120 nodes in a shadow root, without any library.
const host = document.createElement("div");
const root = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  "button.launcher{position:fixed;right:20px;bottom:20px;width:56px;height:56px}section{position:fixed;right:20px;bottom:92px;width:400px;height:600px;overflow:auto;background:#fff}",
);
root.adoptedStyleSheets = [sheet];
const launcher = document.createElement("button");
launcher.className = "launcher";
launcher.textContent = "Help";
launcher.addEventListener("click", () => {
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
root.append(launcher);
document.body.append(host);

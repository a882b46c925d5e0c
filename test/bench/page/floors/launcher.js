/** The floor's launcher, in plain DOM. */
export function createLauncher(open) {
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
  launcher.addEventListener("click", () => void open(root));
  root.append(launcher);
  document.body.append(host);
}

// Shows every choice at once: options through the command "update", the look through custom properties.
window.Podpora ??= function () {
  (Podpora.q ??= []).push(arguments);
};

const languages = "ar bg bs cs de el en es fr he hr hu it ja mk pl pt ro sk sl sr-Latn tr uk zh-Hans".split(" ");
const defaults = { locale: "auto", theme: "auto", position: "end", ticketLanguage: "prefix", signInUrl: "" };
const form = document.getElementById("choices");
const tag = document.getElementById("tag");
const copied = document.getElementById("copied");

for (const code of languages) {
  const name = new Intl.DisplayNames(code, { type: "language" }).of(code);
  form.elements.locale.append(new Option(name, code));
}

/** The options that differ from their defaults. */
function optionsOf(data) {
  const texts = Object.keys(defaults).filter((name) => data.get(name) !== defaults[name]);
  return {
    ...Object.fromEntries(texts.map((name) => [name, data.get(name)])),
    ...(data.has("pageContext") ? {} : { pageContext: "off" }),
    ...(data.has("titleCount") ? { titleCount: "on" } : {}),
  };
}

/** The custom properties that differ from their defaults. */
function propertiesOf(data) {
  const all = {
    "--podpora-accent": [data.get("accent"), "#3a52d6"],
    "--podpora-radius": [`${data.get("radius")}px`, "16px"],
    "--podpora-density": [data.get("density"), "1"],
    "--podpora-font": [data.get("font"), ""],
    "--podpora-launcher-size": [`${data.get("launcher")}px`, "56px"],
  };
  return Object.entries(all).filter(([, [value, usual]]) => value !== usual);
}

const attribute = (name) => `data-podpora-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const escaped = (value) => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

function tagOf(options, properties) {
  const attributes = Object.entries(options).map(([name, value]) => `\n  ${attribute(name)}="${escaped(value)}"`);
  const look = properties.map(([name, [value]]) => `  ${name}: ${value};\n`).join("");
  const style = look ? `<style>\npodpora-widget {\n${look}}\n</style>\n` : "";
  return `${style}<script async src="https://help.example.org/podpora.js"${attributes.join("")}></script>`;
}

let shown = {};
function show() {
  const data = new FormData(form);
  const options = optionsOf(data);
  const properties = propertiesOf(data);
  // An option that has its default again is undefined.
  Podpora("update", { ...Object.fromEntries(Object.keys(shown).map((name) => [name, undefined])), ...options });
  shown = options;
  document.documentElement.removeAttribute("style");
  for (const [name, [value]] of properties) document.documentElement.style.setProperty(name, value);
  tag.textContent = tagOf(options, properties);
  copied.textContent = "";
}

form.addEventListener("input", () => {
  if (form.checkValidity()) show();
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(show));
document.getElementById("open").addEventListener("click", () => Podpora("open"));
async function copy() {
  try {
    await navigator.clipboard.writeText(tag.textContent);
    copied.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(tag);
    copied.textContent = "Selected: press Ctrl+C, or ⌘C, to copy it.";
  }
}
document.getElementById("copy").addEventListener("click", () => void copy());
show();

/** A React app with the widget, in StrictMode, which mounts everything twice. */
import { createElement as h, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { memory } from "../../src/adapters/memory/index.ts";
import { PodporaWidget, usePodpora } from "../../src/react.ts";

const adapter = memory({ member: { id: "ana", name: "Ana" } });
const view = new URLSearchParams(location.search).get("view");

function WithHook() {
  const [opened, setOpened] = useState(0);
  const [locale, setLocale] = useState("sl");
  const help = usePodpora({ adapter, locale }, { open: () => setOpened((before) => before + 1) });
  return h(
    "section",
    {},
    h("h1", {}, "A React app"),
    h("button", { onClick: () => void help?.open("tickets/new") }, "Contact us"),
    h("button", { onClick: () => setLocale("en") }, "In English"),
    h("output", {}, `opened ${opened} times`),
  );
}

const inline = { width: 420, height: 560 };

function App() {
  const [isThere, setThere] = useState(true);
  const widget =
    view === "inline" ? h("div", { style: inline }, h(PodporaWidget, { adapter, locale: "sl", view })) : h(WithHook);
  return h(
    StrictMode,
    {},
    view === "inline" && h("h1", {}, "An app"),
    h("button", { onClick: () => setThere(!isThere) }, isThere ? "Take it away" : "Put it back"),
    isThere && widget,
  );
}

const place = document.querySelector("#app");
if (place) createRoot(place).render(h(App));

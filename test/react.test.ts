import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { PodporaWidget, usePodpora } from "../src/react.ts";

test("on a server the component is nothing, and there is no handle", () => {
  function App() {
    const help = usePodpora({ endpoint: "https://help.example.org" });
    return createElement("p", {}, help === undefined ? "none" : "there");
  }
  expect(renderToString(createElement(App))).toBe("<p>none</p>");
  expect(renderToString(createElement(PodporaWidget, { endpoint: "https://help.example.org" }))).toBe("");
  expect(renderToString(createElement(PodporaWidget, { endpoint: "/x", view: "inline" }))).toContain("<div");
});

test("the element's entry defines nothing on a server", async () => {
  await expect(import("../src/element.ts")).resolves.toHaveProperty("defineElement");
});

import { render } from "preact";
import { createApi } from "./api.ts";
import { App } from "./App.tsx";
import { DeskContext } from "./context.ts";
import { createDeskModel } from "./model.ts";

const root = document.getElementById("desk");
if (!root) throw new Error('The page needs an element with the id "desk".');

const model = createDeskModel(createApi(new URL("/agent/api", location.href).href));
render(
  <DeskContext.Provider value={model}>
    <App />
  </DeskContext.Provider>,
  root,
);

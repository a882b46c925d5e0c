import { createSvg } from "./element.ts";

const paths = {
  help: "M5 5h14v11H11l-5 4v-4H5zM10 9a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6.9v.2M12 13.6v.1",
  close: "M6 6l12 12M18 6L6 18",
};

/** A drawing in lines of the text's colour. */
export const icon = (name: keyof typeof paths): SVGElement =>
  createSvg("svg", { viewBox: "0 0 24 24", width: 28, "aria-hidden": true }, createSvg("path", { d: paths[name] }));

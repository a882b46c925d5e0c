import controls from "./controls.css?inline";
import head from "./head.css?inline";
import panel from "./panel.css?inline";
import theme from "./theme.css?inline";
import tickets from "./tickets.css?inline";

/** The style sheets of the first screen; the loader has already added those of the frame. */
export const styles = [theme, controls, panel, head, tickets];

import composer from "./composer.css?inline";
import controls from "./controls.css?inline";
import files from "./files.css?inline";
import head from "./head.css?inline";
import messages from "./messages.css?inline";
import panel from "./panel.css?inline";
import theme from "./theme.css?inline";
import tickets from "./tickets.css?inline";

/** What the panel wears, beyond what the loader has brought for its frame. */
export const styles = [theme, controls, panel, head, files, tickets, messages, composer];

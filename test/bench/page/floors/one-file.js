import { createLauncher } from "./launcher.js";
import { openPanel } from "./panel.js";

createLauncher(openPanel);

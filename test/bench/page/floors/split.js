import { createLauncher } from "./launcher.js";

createLauncher(async (root) => {
  const { openPanel } = await import("./panel.js");
  await openPanel(root);
});

/** As panel.css has it. */
const query = "(max-width: 480px), (max-height: 480px)";

/** Whether the panel is a sheet over the whole screen. */
export const isSheet = () => typeof matchMedia === "function" && matchMedia(query).matches;

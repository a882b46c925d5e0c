/** Text sets its own direction; an empty field follows the panel, as its placeholder does. */
export const directionFor = (text: string): "auto" | undefined => (text === "" ? undefined : "auto");

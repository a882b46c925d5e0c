/** What is written says in which direction it runs; an empty field runs as the panel does, with its placeholder. */
export const directionFor = (text: string): "auto" | undefined => (text === "" ? undefined : "auto");

import { canvasSize, contextOf, fileOf, newCanvas } from "../canvas.ts";
import { make } from "../dom.ts";
import type { PicturesHost } from "../host.ts";
import type { T } from "../texts.ts";
import { maskPage } from "./masks.ts";

/** Chromium's: this tab stands first in the browser's question, and the member stays on it. */
interface TabOptions extends DisplayMediaStreamOptions {
  readonly preferCurrentTab: boolean;
  readonly selfBrowserSurface: "include";
  readonly surfaceSwitching: "exclude";
}

const options: TabOptions = {
  video: { displaySurface: "browser" },
  audio: false,
  preferCurrentTab: true,
  selfBrowserSurface: "include",
  surfaceSwitching: "exclude",
};

/** A browser that gives no picture within this time, in milliseconds, gives none. */
const ANSWER_WITHIN = 15_000;
/** A window or a screen that does not show this page after this time, in milliseconds, shows another. */
const PATIENCE = 2000;
/** A busy device shows a tab late: what must not be in the picture is waited for longer. */
const PATIENCE_WITH_TAB = 10_000;
const LOOK_EVERY = 40;
const SIGN_SIZE = 16;
const SIGN_COLOUR = [255, 0, 200] as const;
/** Video carries colours roughly. */
const COLOUR_TOLERANCE = 60;

/**
 * A picture of what the member chooses in the browser's own question, without the widget, and black where the site says
 * so. Undefined: they chose nothing, or stopped it. Has to be called within a click. Throws when the browser can't.
 */
export async function capture(host: PicturesHost, t: T): Promise<File | undefined> {
  const stream = await ask();
  const [track] = stream?.getVideoTracks() ?? [];
  if (!stream || !track) return undefined;
  const stop = () => stream.getTracks().forEach((one) => one.stop());
  host.signal?.addEventListener("abort", stop);
  try {
    if (host.signal?.aborted) return undefined;
    const video = make("video");
    video.muted = true;
    video.srcObject = stream;
    // Before it plays: a page on which nothing changes may have no frame to give.
    const undo = prepare(host);
    try {
      await begun(video, track);
      const isTab = track.getSettings().displaySurface === "browser";
      const isOver = () => track.readyState === "ended" || host.signal?.aborted === true;
      await seenBy(video, host.root, isTab ? PATIENCE_WITH_TAB : PATIENCE, isOver);
      if (track.readyState === "ended" || video.videoWidth === 0) return undefined;
      return await draw(video, t("capture.fileName", { time: timeOf(new Date()) }));
    } finally {
      undo();
    }
  } finally {
    host.signal?.removeEventListener("abort", stop);
    stop();
  }
}

async function ask(): Promise<MediaStream | undefined> {
  try {
    return await navigator.mediaDevices.getDisplayMedia(options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotAllowedError") return undefined;
    throw error;
  }
}

/** Waits for the first frame, or the end. Throws when neither comes in time. */
async function begun(video: HTMLVideoElement, track: MediaStreamTrack): Promise<void> {
  const ended = new Promise<void>((resolve) => track.addEventListener("ended", () => resolve(), { once: true }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new DOMException("The browser gave no picture.", "TimeoutError");
    timer = setTimeout(() => reject(error), ANSWER_WITHIN);
  });
  try {
    await Promise.race([video.play(), ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Hides the widget, covers what is private; gives the undo. */
function prepare({ root, element }: PicturesHost): () => void {
  const focused = root.activeElement;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":host, * { visibility: hidden !important; transition: none !important; }");
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const unmask = maskPage(element);
  return () => {
    unmask();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet);
    if (focused instanceof HTMLElement) focused.focus();
  };
}

/**
 * Waits until the video shows the page as it is now, some frames late as it is: until a sign in the corner is seen in
 * it, and then is gone again. Where the member chose to show something else, there is no sign.
 */
async function seenBy(
  video: HTMLVideoElement,
  root: ShadowRoot,
  patience: number,
  isOver: () => boolean,
): Promise<void> {
  const sign = make("div", { popover: "manual" });
  const place = `position: fixed; inset: auto auto 0 0; width: ${SIGN_SIZE}px; height: ${SIGN_SIZE}px`;
  const look = `margin: 0; padding: 0; border: 0; background: rgb(${SIGN_COLOUR.join(" ")}); forced-color-adjust: none`;
  sign.style.cssText = `${place}; ${look}; visibility: visible !important`;
  root.append(sign);
  sign.showPopover();
  const box = sign.getBoundingClientRect();
  const context = contextOf(make("canvas"), { willReadFrequently: true });
  const isThere = () => {
    const x = ((box.x + SIGN_SIZE / 2) / innerWidth) * video.videoWidth;
    const y = ((box.y + SIGN_SIZE / 2) / innerHeight) * video.videoHeight;
    context.drawImage(video, x, y, 1, 1, 0, 0, 1, 1);
    const pixel = context.getImageData(0, 0, 1, 1).data;
    return SIGN_COLOUR.every((value, index) => Math.abs(value - (pixel[index] ?? 0)) < COLOUR_TOLERANCE);
  };
  const isSeen = await until(() => isOver() || isThere(), patience);
  sign.remove();
  if (isSeen) await until(() => isOver() || !isThere(), patience);
}

async function until(condition: () => boolean, patience: number): Promise<boolean> {
  const end = performance.now() + patience;
  while (!condition()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  return true;
}

async function draw(video: HTMLVideoElement, name: string): Promise<File> {
  const { canvas, context } = newCanvas(canvasSize({ width: video.videoWidth, height: video.videoHeight }));
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return await fileOf(canvas, name, "image/png");
}

/** "2026-11-23-1432", by the member's clock. */
function timeOf(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}`;
}

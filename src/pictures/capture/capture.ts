import { canvasSize, contextOf, fileOf, newCanvas } from "../canvas.ts";
import { make } from "../dom.ts";
import type { PicturesHost } from "../host.ts";
import { maskPage } from "./masks.ts";

/** Chromium lists this tab first in its picker and keeps the member on it. */
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

/** How long to wait for the first frame, in milliseconds. */
const ANSWER_WITHIN = 15_000;
/** A window or screen that has not shown the marker by then shows something else. In milliseconds. */
const PATIENCE = 2000;
/** A busy device shows a tab late, and the mask has to be in the picture. */
const PATIENCE_WITH_TAB = 10_000;
const LOOK_EVERY = 40;
const SIGN_SIZE = 16;
const SIGN_COLOUR = [255, 0, 200] as const;
/** Video encoding distorts colours. */
const COLOUR_TOLERANCE = 60;

/**
 * A screenshot of what the member selects in the browser's picker, without the widget, and with private areas in black.
 * Undefined if they select nothing or stop it. Must be called within a click. Throws if the browser can't capture.
 */
export async function capture(host: PicturesHost): Promise<File | undefined> {
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
    // Before playback: a static page may produce no later frame.
    const undo = prepare(host);
    try {
      await begun(video, track);
      const isTab = track.getSettings().displaySurface === "browser";
      const isOver = () => track.readyState === "ended" || host.signal?.aborted === true;
      await seenBy(video, host.root, isTab ? PATIENCE_WITH_TAB : PATIENCE, isOver);
      if (track.readyState === "ended" || video.videoWidth === 0) return undefined;
      return await draw(video, host.t("capture.fileName", { time: timeOf(new Date()) }));
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

/** Waits for the first frame or the end of the track. Throws if neither comes in time. */
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

/** Hides the widget and masks private areas; returns a function that undoes both. */
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
 * Video lags some frames behind the page. Waits until it shows a marker in the corner, and then until the marker has
 * gone. If the member selected another window, the marker never appears.
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

/** "2026-11-23-1432", in the member's time zone. */
function timeOf(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}`;
}

/** Old Safari only calls the callback. */
type Ask = (onAnswer: (answer: NotificationPermission) => void) => Promise<NotificationPermission> | undefined;

/** Asks the member whether notifications may be shown, if the browser supports them and has not asked yet. */
export async function askToNotify(): Promise<void> {
  try {
    if (!("Notification" in window) || Notification.permission !== "default") return;
    const ask: Ask = Notification.requestPermission.bind(Notification);
    await new Promise<void>((resolve, reject) => {
      ask(() => resolve())?.then(() => resolve(), reject);
    });
  } catch {
    // Refused without asking, as in a frame of another origin.
  }
}

/** Shows a notification if allowed. A click on it focuses the page. */
export function notify(title: string): void {
  try {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification(title);
    shown.addEventListener("click", () => window.focus());
  } catch {
    // Chrome on Android has the constructor, but it throws: only a service worker could show one.
  }
}

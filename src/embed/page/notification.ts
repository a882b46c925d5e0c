/** Old Safari answers by the callback alone. */
type Ask = (onAnswer: (answer: NotificationPermission) => void) => Promise<NotificationPermission> | undefined;

/** Asks the member whether notifications may be shown, if the browser has any and nobody has asked yet. */
export async function askToNotify(): Promise<void> {
  try {
    if (!("Notification" in window) || Notification.permission !== "default") return;
    const ask: Ask = Notification.requestPermission.bind(Notification);
    await new Promise<void>((resolve, reject) => {
      ask(() => resolve())?.then(() => resolve(), reject);
    });
  } catch {
    // Refused without a question, as in a frame of another origin.
  }
}

/** Shows a notification where that is allowed. A click on it brings the page to the front. */
export function notify(title: string): void {
  try {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification(title);
    shown.addEventListener("click", () => window.focus());
  } catch {
    // Chrome on Android has the constructor, and throws: there a service worker of the site would have to show it.
  }
}

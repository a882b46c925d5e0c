import type { DiagnosisSubject } from "../../loader/app.ts";
import type { ReportDetails } from "../../loader/report.ts";

/** Whether a member can see and click the launcher. */
export function launcherState({ element, root, launcher }: DiagnosisSubject): ReportDetails["launcher"] {
  if (!element.isConnected || !launcher.isConnected) return "absent";
  const { x, y, width, height } = launcher.getBoundingClientRect();
  if (width === 0 || height === 0 || launcher.hidden) return "hidden";
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  const front = document.elementFromPoint(middleX, middleY);
  // Outside of the window there is no element; the open sheet of a phone hides its own launcher.
  if (front === null) return "hidden";
  return front === element || element.contains(front) || root.contains(front) ? "visible" : "covered";
}

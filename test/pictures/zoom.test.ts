import { describe, expect, test } from "vitest";
import { fitted, overflows, panned, zoomed } from "../../src/pictures/viewer/zoom.ts";

const room = { width: 400, height: 300 };
const large = { width: 1600, height: 600 };
const small = { width: 100, height: 60 };

describe("a picture in a window", () => {
  test("that is larger is scaled to fit; a smaller one keeps its size and is centred", () => {
    expect(fitted(large, room)).toEqual({ scale: 0.25, x: 0, y: 75 });
    expect(fitted(small, room)).toEqual({ scale: 1, x: 150, y: 120 });
  });

  test("zooms around the pointer", () => {
    const view = zoomed(fitted(large, room), 1, { x: 100, y: 150 }, large, room);
    expect(view).toEqual({ scale: 1, x: -300, y: -150 });
    expect((100 - view.x) / view.scale).toBe((100 - 0) / 0.25);
  });

  test("is never smaller than fitted, nor larger than eight times", () => {
    expect(zoomed(fitted(large, room), 0.01, { x: 0, y: 0 }, large, room)).toEqual(fitted(large, room));
    expect(zoomed(fitted(large, room), 99, { x: 0, y: 0 }, large, room).scale).toBe(8);
  });

  test("leaves no gap at any edge, however far it is moved", () => {
    const view = zoomed(fitted(large, room), 1, { x: 200, y: 150 }, large, room);
    expect(panned(view, 9999, 9999, large, room)).toEqual({ scale: 1, x: 0, y: 0 });
    expect(panned(view, -9999, -9999, large, room)).toEqual({ scale: 1, x: -1200, y: -300 });
  });

  test("can be moved while it overflows", () => {
    expect(overflows(fitted(large, room), large, room)).toEqual({ x: false, y: false });
    expect(overflows({ scale: 0.4, x: 0, y: 0 }, large, room)).toEqual({ x: true, y: false });
  });
});

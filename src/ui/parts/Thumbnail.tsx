import { useEffect, useRef, useState } from "preact/hooks";

const shownPixels = 320;

interface ThumbnailProps {
  /** The picture's bytes, once loaded. */
  readonly blob: Blob | undefined;
  readonly label: string;
  onFailed?(): void;
}

/** A small picture on a canvas: needs no `blob:` in the content policy, and a large photo takes little memory. */
export function Thumbnail({ blob, label, onFailed }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    let gone = false;
    if (blob) void draw(blob).catch(() => gone || onFailed?.());
    async function draw(from: Blob) {
      const bitmap = await createImageBitmap(from);
      const scale = Math.min(1, shownPixels / Math.max(bitmap.width, bitmap.height));
      if (canvas.current && !gone) {
        canvas.current.width = Math.max(1, bitmap.width * scale);
        canvas.current.height = Math.max(1, bitmap.height * scale);
        const { width, height } = canvas.current;
        canvas.current.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
        setDrawn(true);
      }
      bitmap.close();
    }
    return () => void (gone = true);
  }, [blob]);
  return (
    <canvas
      ref={canvas}
      width={0}
      height={0}
      class={drawn ? "picture drawn" : "picture"}
      role="img"
      aria-label={label}
    />
  );
}

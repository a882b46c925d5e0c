import { useEffect, useState } from "preact/hooks";
import { useUi } from "../context.ts";
import { Thumbnail } from "./Thumbnail.tsx";

interface AvatarProps {
  readonly name: string;
  /** An attachment's id, or any key that `load` accepts. */
  readonly picture: string | undefined;
  /** @default loads the desk's attachment with that id */
  load?(picture: string): Promise<Blob | undefined>;
}

/** Decorative: the picture, or the name's first letter until it is loaded. */
export function Avatar({ name, picture, load }: AvatarProps) {
  const { widget } = useUi();
  const [blob, setBlob] = useState<Blob>();
  useEffect(() => {
    let gone = false;
    setBlob(undefined);
    if (picture)
      (load ?? widget.download)(picture).then(
        (fetched) => gone || setBlob(fetched),
        () => undefined,
      );
    return () => void (gone = true);
  }, [picture]);
  return (
    <span class="avatar" aria-hidden="true" style={{ "--hue": hueOf(name) }}>
      {blob ? <Thumbnail blob={blob} label="" onFailed={() => setBlob(undefined)} /> : initialOf(name)}
    </span>
  );
}

const initialOf = (name: string) => String.fromCodePoint(name.trim().codePointAt(0) ?? 0x3f).toLocaleUpperCase();

/** A stable hue for a name, in degrees. */
function hueOf(name: string): number {
  return Array.from(name, (letter) => letter.codePointAt(0) ?? 0).reduce((sum, code) => (sum * 31 + code) % 360, 7);
}

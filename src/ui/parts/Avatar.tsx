import { useEffect, useState } from "preact/hooks";
import { useUi } from "../context.ts";
import { Thumbnail } from "./Thumbnail.tsx";

interface AvatarProps {
  readonly name: string;
  readonly picture: string | undefined;
}

/** Decoration beside a name: the picture, or the first letter until it is here. */
export function Avatar({ name, picture }: AvatarProps) {
  const { widget } = useUi();
  const [blob, setBlob] = useState<Blob>();
  useEffect(() => {
    let gone = false;
    setBlob(undefined);
    if (picture)
      widget.download(picture).then(
        (fetched) => gone || setBlob(fetched),
        () => undefined,
      );
    return () => void (gone = true);
  }, [picture]);
  return (
    <span class="avatar" aria-hidden="true">
      {blob ? <Thumbnail blob={blob} label="" onFailed={() => setBlob(undefined)} /> : name.charAt(0)}
    </span>
  );
}

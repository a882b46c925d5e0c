import { useRef, useState } from "preact/hooks";
import type { Files } from "../../core/delivery/files.ts";
import { useT, useUi } from "../context.ts";
import { useAsFileTarget } from "./file-target.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { ErrorLine } from "./Notice.tsx";

interface PickerProps {
  readonly files: Files;
  /** The button's accessible name; the composer shows only the icon. */
  readonly label: string;
  readonly compact?: boolean;
  readonly disabled?: boolean;
}

/** Adds files from the device, a phone's camera, or a screenshot. */
export function FilePicker({ files, label, compact = false, disabled = false }: PickerProps) {
  const t = useT();
  const { pictures } = useUi();
  const [failed, setFailed] = useState(false);
  useAsFileTarget(files, disabled);

  async function capture() {
    setFailed(false);
    try {
      const shot = await pictures.capture();
      const marked = shot && (await pictures.edit(shot));
      if (marked) files.add([marked]);
    } catch {
      setFailed(true);
    }
  }

  const look = { compact, disabled };
  return (
    <>
      <div class={compact ? "ways compact" : "ways"}>
        <Chooser {...look} icon="paperclip" label={label} files={files} accept={files.limits.value.accept} />
        {!compact && isTouch() && (
          <Chooser {...look} icon="camera" label={t("files.camera")} files={files} accept={["image/*"]} camera />
        )}
        {pictures.canCapture && (
          <Way
            {...look}
            icon="screen"
            label={t("files.capture")}
            onClick={() => void capture()}
            onNear={pictures.prepare}
          />
        )}
      </div>
      {failed && <ErrorLine>{t("files.captureFailed")}</ErrorLine>}
    </>
  );
}

interface WayProps {
  readonly icon: IconName;
  readonly label: string;
  readonly compact: boolean;
  readonly disabled: boolean;
}

interface ButtonProps extends WayProps {
  onClick(): void;
  /** Called on hover or focus, so that the click's code can load early. */
  onNear?(): void;
}

function Way({ icon, label, compact, disabled, onClick, onNear }: ButtonProps) {
  return (
    <button
      type="button"
      class={compact ? "icon-button" : "secondary"}
      aria-label={compact ? label : undefined}
      title={compact ? label : undefined}
      disabled={disabled}
      onClick={onClick}
      onPointerEnter={onNear}
      onFocus={onNear}
    >
      <Icon name={icon} />
      {!compact && label}
    </button>
  );
}

interface ChooserProps extends WayProps {
  readonly files: Files;
  readonly accept: readonly string[] | undefined;
  readonly camera?: boolean;
}

function Chooser({ files, accept, camera = false, ...way }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        class="hidden-input"
        multiple={!camera}
        capture={camera ? "environment" : undefined}
        tabIndex={-1}
        aria-hidden="true"
        accept={accept?.join(",")}
        onChange={(event) => {
          files.add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <Way {...way} onClick={() => input.current?.click()} />
    </>
  );
}

/** A device with a touch screen, which usually has a camera. */
const isTouch = () => matchMedia("(pointer: coarse)").matches;

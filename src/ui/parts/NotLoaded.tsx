import { useEffect } from "preact/hooks";
import { useT, useUi } from "../context.ts";
import { ErrorNotice, Notice } from "./Notice.tsx";
import { Skeleton } from "./Skeleton.tsx";

/** In the place of a later screen while its chunk is loading, or if it can't be loaded. Tries again when it is shown. */
export function NotLoaded({ load }: { load(): void }) {
  const t = useT();
  const { later } = useUi();
  const failed = later.failed.value;
  const isLoaded = later.screens.value !== undefined;
  useEffect(load, [isLoaded]);
  if (failed === undefined) return <Skeleton label={t("panel.connecting")} />;
  if (failed === "network") return <ErrorNotice code="network" onRetry={load} />;
  return (
    <Notice tone="warn">
      <p>{t("panel.outdated")}</p>
      <button type="button" class="primary" onClick={() => location.reload()}>
        {t("panel.reload")}
      </button>
    </Notice>
  );
}

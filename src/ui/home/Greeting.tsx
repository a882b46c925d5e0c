import { useT, useUi } from "../context.ts";
import { StatusLine } from "../StatusLine.tsx";

export function Greeting() {
  const t = useT();
  const { name, guest } = useUi().widget.session.session.value?.member ?? {};
  return (
    <div class="greeting">
      <p>{name && !guest ? t("home.hello", { name }) : t("home.welcome")}</p>
      <p class="greeting-question">{t("home.question")}</p>
      <StatusLine />
    </div>
  );
}

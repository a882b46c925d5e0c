import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { useDesk } from "./context.ts";
import { Problem } from "./Problem.tsx";

export function SignIn() {
  const desk = useDesk();
  const username = useSignal("");
  const password = useSignal("");
  const busy = useSignal(false);

  async function submit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    busy.value = true;
    await desk.signIn(username.value, password.value);
    busy.value = false;
  }

  return (
    <main class="sign-in">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>Desk</h1>
        <p class="meta">For the agents of the demo. Members find you in the widget.</p>
        <Problem />
        <label>
          Username
          <input
            autocomplete="username"
            autocapitalize="none"
            required
            value={username.value}
            onInput={(event) => (username.value = event.currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            type="password"
            autocomplete="current-password"
            required
            value={password.value}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={busy.value}>
          {busy.value ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}

import { useDesk } from "./context.ts";

/** The last error, until it is dismissed. */
export function Problem() {
  const { problem } = useDesk();
  return (
    <div role="alert">
      {problem.value !== undefined && (
        <p class="problem">
          <span>{problem.value}</span>
          <button type="button" class="quiet" onClick={() => (problem.value = undefined)}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}

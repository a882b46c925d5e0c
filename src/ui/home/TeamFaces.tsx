import { useUi } from "../context.ts";
import { Avatar } from "../parts/Avatar.tsx";

/** Pictures of the team. Decorative: the team's name is next to them. */
export function TeamFaces() {
  const { agents = [] } = useUi().widget.session.session.value ?? {};
  if (agents.length === 0) return null;
  return (
    <div class="faces" aria-hidden="true">
      {agents.map(({ name, picture }) => (
        <Avatar key={name} name={name} picture={picture} load={fetchPicture} />
      ))}
    </div>
  );
}

/** Without cookies. The page's content policy has to allow other origins (`connect-src`). */
async function fetchPicture(address: string): Promise<Blob | undefined> {
  const answer = await fetch(address, { credentials: "omit" });
  return answer.ok ? await answer.blob() : undefined;
}

import { personIn, type Stage } from "./stage.ts";
import type { SiteMember } from "./site.ts";
import { anasLogin } from "./desk.ts";
import type { Tab } from "./tab.ts";

/** The site's session changes for the whole browser; the page in this tab notifies the widget. */
export function identify(stage: Stage, tab: Tab, who: SiteMember) {
  const { site } = stage.world;
  site.user = who;
  guestBecame(stage, `member:${who}`);
  tab.knowsSite = true;
  stage.identified = { tab, who };
  stage.isSignedOut = false;
  void tab.widget.session.identify({ getToken: site.token });
}

function guestBecame(stage: Stage, member: string) {
  stage.world.ledger.guestBecame(member);
  // Files are moved to the member: a tab that is still the guest sends its text without them.
  stage.files = stage.files.filter(({ person }) => person !== "guest");
}

export function signIn(stage: Stage, tab: Tab) {
  guestBecame(stage, "member:ana");
  stage.isSignedOut = false;
  stage.signingIn += 1;
  void tab.widget.session
    .signIn(anasLogin)
    .catch(() => undefined)
    .then(() => (stage.signingIn -= 1));
}

/** The member's rank rises, and the page notifies the widget. */
export function rise(stage: Stage, tab: Tab) {
  const { site } = stage.world;
  site.rank = "Silver";
  if (site.user) identify(stage, tab, site.user);
}

/** The gateway no longer accepts the current token. */
export async function expire({ world }: Stage, tab: Tab) {
  const token = personIn(tab)?.credentials.token();
  if (token !== undefined) await world.revoke(token);
}

/** Whatever was written and has not arrived must be deleted everywhere in this browser. */
export async function signOut(stage: Stage, tab: Tab) {
  const { world, tabs } = stage;
  world.site.user = undefined;
  world.site.rank = "Bronze";
  for (const each of tabs) each.knowsSite = false;
  stage.identified = undefined;
  // If a sign-in and a sign-out in two tabs overlap, either may be the last.
  stage.isSignedOut = stage.signingIn === 0;
  stage.files = stage.files.filter(({ sentWith }) => sentWith);
  world.routes.clear();
  const arrived = new Set(world.desk.arrivals.map(({ word }) => word));
  world.ledger.signedOut([...world.ledger.authors.keys()].filter((word) => !arrived.has(word)));
  void tab.widget.signOut();
  await world.clock.advance(300);
  const { view } = tab.widget.route.peek();
  if (view === "ticket") world.violations.push(`after the sign-out ${tab.name} still shows a ticket`);
}

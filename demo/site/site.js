// The site's own sign-in. The tag tells Podpora the address from which to fetch a token for the signed-in member.
const form = document.getElementById("sign-in");
const signedIn = document.getElementById("signed-in");

function show(name) {
  form.hidden = Boolean(name);
  signedIn.hidden = !name;
  document.getElementById("member").textContent = name ?? "";
}

const post = (path, body) =>
  fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });

const getToken = async () => {
  const answer = await fetch("/site/token", { cache: "no-store" });
  return answer.status === 200 ? answer.text() : undefined;
};

async function signIn() {
  const answer = await post("/site/sign-in", Object.fromEntries(new FormData(form)));
  const wrong = form.querySelector("[role=alert]");
  wrong.textContent = answer.ok ? "" : wrong.dataset.wrong;
  if (!answer.ok) return;
  form.reset();
  show((await answer.json()).name);
  window.Podpora?.("identify", { getToken });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void signIn();
});

document.getElementById("sign-out").addEventListener("click", () => {
  show(undefined);
  void post("/site/sign-out").then(() => window.Podpora?.("logout"));
});

const me = await fetch("/site/me");
if (me.status === 200) show((await me.json()).name);

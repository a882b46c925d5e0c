// Shortcuts on every key, like in a mail program or a game.
let count = 0;
document.addEventListener("keydown", (event) => {
  count += 1;
  document.getElementById("keys").textContent = String(count);
  if (event.key.length === 1) event.preventDefault();
});

let count = 0;
document.addEventListener("securitypolicyviolation", (event) => {
  count += 1;
  document.getElementById("violations").textContent = `${count}: ${event.violatedDirective} ${event.blockedURI}`;
});

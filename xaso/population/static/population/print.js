// The button that prints the page; without a script the browser's own menu does.
const button = document.querySelector("[data-in]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/* In the gallery only: look at every component in light or in dark. */
for (const button of document.querySelectorAll("[data-theme-choice]")) {
  button.addEventListener("click", () => { document.documentElement.dataset.theme = button.dataset.themeChoice; });
}

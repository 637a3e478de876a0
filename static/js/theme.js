// A classic script on purpose: it runs before the first paint, so that a dark page never flashes white.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
    dispatchEvent(new Event("themechange"));
  };
  for (const query of [dark, matchMedia("(forced-colors: active)"), matchMedia("(prefers-contrast: more)")]) {
    query.addEventListener("change", apply);
  }
  apply();
})();

// Runs before the first paint, so that the page never flashes in another theme or language.
{
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("ui") ?? "{}");
  } catch { /* private mode */ }
  const query = new URLSearchParams(location.search), root = document.documentElement;
  const usual = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = [query.get("theme"), kept.theme].find((theme) => theme === "dark" || theme === "light") ?? usual;
  root.lang = (query.get("lang") ?? kept.lang ?? navigator.language).startsWith("zh") ? "zh-CN" : "en";
}

// The minutes of a disc, counted while its page is open. Without this script the page asks anew
// each minute; with it, nothing is asked until the disc is over. The words are the page's own.

const MINUTE = 60_000;

function words(box, left) {
  const language = document.documentElement.lang;
  const one = new Intl.PluralRules(language).select(left) === "one";
  const number = new Intl.NumberFormat(language).format(left);
  return one ? box.dataset.one : box.dataset.many.replace("0", number);
}

function count(box) {
  const shown = [...box.querySelectorAll("dd")].at(-1);
  const aloud = box.querySelector("[role=status]");
  // Where the phone's clock is wrong, the time gone by since the page came is still right.
  const until = Number(box.dataset.until) - Number(box.dataset.now) + performance.now();
  const tick = () => {
    const rest = until - performance.now();
    if (rest <= 0) return location.replace(location.href);
    const left = Math.ceil(rest / MINUTE);
    const said = words(box, left);
    if (shown.textContent !== said) shown.textContent = said;
    if (left === Number(box.dataset.soon) && !aloud.textContent) aloud.textContent = said;
    return setTimeout(tick, (rest % MINUTE || MINUTE) + 50);
  };
  tick();
  // A phone that slept has counted nothing: it looks again when it wakes.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) location.replace(location.href);
  });
}

for (const box of document.querySelectorAll("[data-until]")) count(box);

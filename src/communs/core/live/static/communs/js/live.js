/* Parts of the page that follow what is new: <div id="…" data-live="topic">.
   The live process says that a topic has news; the part is then asked again, from data-live-src or
   from the page itself. While nobody answers there, parts are asked from time to time instead, less
   often when nothing changes, and not at all in a hidden tab. Without this script nothing is lost:
   the page is as it was when it was opened. */
const { address, own, ticket } = document.querySelector("script[data-address]").dataset;
const FIRST = 30_000, LONGEST = 300_000;  // milliseconds between two questions
const seen = new Map();  // entity tags, by address
const parts = () => [...document.querySelectorAll("[data-live]")];
const topicOf = (part) => (part.dataset.live === "own" ? own : part.dataset.live);

const under = address.startsWith(":") ? `${location.protocol}//${location.hostname}${address}` : address;
let source = null, timer = 0, pause = FIRST, last = "", failures = 0;

if (parts().length) start();

function start() {
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : wake()));
  addEventListener("pagehide", () => source?.close());
  if (!document.hidden) wake();
}

function wake() {
  if (under && !source) listen();
  else if (!under) ask();
}

function rest() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

function listen() {
  const topics = [...new Set(parts().map(topicOf))].filter(Boolean).sort();
  if (!topics.length) return;
  const query = new URLSearchParams({ topics: topics.join(",") });
  if (topics.includes(own)) query.set("ticket", ticket);
  if (last) query.set("last", last);
  source = new EventSource(`${under}?${query}`);
  source.onopen = () => { failures = 0; pause = FIRST; clearTimeout(timer); };
  source.onmessage = (event) => {
    last = event.lastEventId || last;
    const { topic } = JSON.parse(event.data);
    refresh(parts().filter((part) => topic === "reset" || topicOf(part) === topic));
  };
  source.onerror = () => {
    failures += 1;
    const over = source?.readyState === EventSource.CLOSED;
    if (over || failures > 1) { source?.close(); source = null; later(); }
  };
}

/* Nobody answers at the live process: ask the pages, then try it again. */
function later() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, pause);
}

async function ask() {
  const changed = await refresh(parts());
  pause = changed ? FIRST : Math.min(pause * 1.5, LONGEST);
  if (under && !source) { failures = 2; listen(); } else later();
}

async function refresh(found) {
  const bySource = new Map();
  for (const part of found) {
    const at = part.dataset.liveSrc || location.href;
    bySource.set(at, [...(bySource.get(at) ?? []), part]);
  }
  const answers = await Promise.all([...bySource].map(([at, group]) => renew(at, group)));
  return answers.some(Boolean);
}

/* Ask one address again, and put what it says in its parts; tell whether anything changed. */
async function renew(at, group) {
  const headers = seen.has(at) ? { "If-None-Match": seen.get(at) } : {};
  const answer = await fetch(at, { headers, cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  if (answer.headers.get("ETag")) seen.set(at, answer.headers.get("ETag"));
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  return group.map((part) => put(part, part.dataset.liveSrc ? told.body : told.getElementById(part.id))).some(Boolean);
}

/* Somebody who writes in a part, or holds the keyboard there, is not disturbed; nor is a whole list
   read aloud because one line of it changed. */
function put(part, fresh) {
  if (!fresh || part.contains(document.activeElement) && part !== document.activeElement) return false;
  const copy = fresh.cloneNode(true);
  const plain = (node) => node.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "").replace(/\s+/g, " ").trim();
  if (plain(copy) === plain(part)) return false;
  const aloud = part.getAttribute("aria-live");
  if (aloud) part.setAttribute("aria-live", "off");
  part.replaceChildren(...copy.childNodes);
  window.htmx?.process(part);
  if (aloud) setTimeout(() => part.setAttribute("aria-live", aloud), 500);
  part.dispatchEvent(new CustomEvent("live:renewed", { bubbles: true }));
  return true;
}

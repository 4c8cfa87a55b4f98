/* A page of a form keeps itself: what is typed is posted when one leaves a question, and after a
   pause. The page's own buttons do the same without this script. What was typed is never changed
   here; questions that an answer calls for are fetched from the page itself. */
const script = document.querySelector("script[data-waiting]");
const { failed, waiting } = script.dataset;
const PAUSE = 1_500, BEAT = 25_000;  // milliseconds: after the last key; to say that one is there
const form = document.querySelector("form[data-form]");
let timer = 0, beat = 0, busy = false, again = false, dirty = false, decided = false, at = "";

// Where two answers stand side by side, whoever reads them chooses: nothing is posted by itself.
if (form && !form.querySelector("[data-disputed]")) start();

function start() {
  form.addEventListener("input", (event) => touched(event, PAUSE));
  form.addEventListener("change", (event) => touched(event, 50));
  form.addEventListener("focusin", (event) => { at = event.target.closest("[data-path]")?.dataset.path ?? ""; });
  form.addEventListener("submit", () => { clearTimeout(timer); clearTimeout(beat); dirty = false; });
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(beat) : save()));
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  save();
}

function touched(event, pause) {
  if (event.target.type === "file") return;  // sent with the page, never by itself
  dirty = true;
  decided ||= Boolean(event.target.closest("[data-decides]")) && event.type === "change";
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

async function save() {
  clearTimeout(timer);
  clearTimeout(beat);
  if (busy) { again = true; return; }
  busy = true;
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.append("autosave", "1");
  data.append("at", at);
  const sent = dirty, call = decided;
  dirty = false; decided = false;
  if (sent) say(waiting);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null);
  const told = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  busy = false;
  if (!told || !answer.ok) {
    dirty ||= sent;
    if (sent) say(told?.refused ?? failed);
  } else {
    heard(told, sent);
    if (call && !dirty) await renew();
  }
  if (again) { again = false; save(); return; }
  if (!document.hidden) beat = setTimeout(save, BEAT);
}

function heard({ revision, agreed, said, colleagues, missing, conflicts, problems }, sent) {
  for (const path of agreed) seen(path, revision);
  if (sent) say(said);
  if (sent) for (const path of form.querySelectorAll("[data-path]")) mark(path, problems[path.dataset.path], path.dataset.path in conflicts);
  const place = document.querySelector("[data-form-colleagues]");
  place.replaceChildren(...colleagues.map((words) => Object.assign(document.createElement("p"), { className: "notice", textContent: words })));
  for (const [key, words] of Object.entries(missing)) {
    const line = document.querySelector(`[data-form-missing="${key}"]`);
    if (line) line.textContent = words;
  }
}

/* What the page shows of a question is what is kept at this revision. */
function seen(path, revision) {
  const name = `r.${path}`;
  let input = [...form.elements].find((one) => one.name === name);
  if (!input) {
    input = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.append(input);
  }
  input.value = revision;
}

/* Say what is wrong beside the question, once one has left it. */
function mark(field, sentence, disputed) {
  const id = `f-${field.dataset.path.replaceAll(".", "-")}-error`;
  const old = document.getElementById(id);
  const control = field.querySelector("input:not([type=hidden]), select, textarea");
  if (field.contains(document.activeElement) || disputed) return;
  field.classList.toggle("has-error", Boolean(sentence));
  if (!sentence) { old?.remove(); control?.removeAttribute("aria-invalid"); return; }
  if (old) { old.lastElementChild.textContent = sentence; return; }
  const line = Object.assign(document.createElement("p"), { id, className: "field-error" });
  line.append(Object.assign(document.createElement("span"), { textContent: sentence }));
  field.insertBefore(line, field.children[1] ?? null);
  control?.setAttribute("aria-invalid", "true");
  const about = control?.getAttribute("aria-describedby");
  if (control && !about?.includes(id)) control.setAttribute("aria-describedby", about ? `${about} ${id}` : id);
}

/* An answer decides which questions are asked: take them from the page, and stay where one is. */
async function renew() {
  const answer = await fetch(form.action, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok || dirty) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-form-groups]"), old = form.querySelector("[data-form-groups]");
  const chosen = [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length);
  if (!fresh || dirty || chosen || paths(fresh) === paths(old)) return;
  const here = document.activeElement?.id;
  old.replaceWith(fresh);
  form.elements.revision.value = page.querySelector("form[data-form] [name=revision]").value;
  for (const one of [...form.querySelectorAll("input[type=hidden][name^='r.']")]) one.remove();
  if (here) document.getElementById(here)?.focus();
}

function paths(part) {
  const options = [...part.querySelectorAll("select option")].map((one) => one.value);
  return [...part.querySelectorAll("[name=asked]")].map((one) => one.value).concat(options).join(" ");
}

function say(words) {
  form.querySelector("[data-form-status]").textContent = words;
}

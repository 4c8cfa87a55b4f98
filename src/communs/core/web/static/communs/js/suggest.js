/* Suggestions under the search box: a combobox with a list, as ARIA's authoring practices describe.
   Without this script the box searches all the same. */
const script = document.querySelector("script[data-suggestions]");
const { suggestions, one, many, label } = script.dataset;

for (const [number, box] of document.querySelectorAll("form.find input[type=search]").entries()) enhance(box, number);

function enhance(box, number) {
  const list = Object.assign(document.createElement("ul"), { id: `suggestions-${number}`, className: "suggestions", hidden: true });
  const told = Object.assign(document.createElement("p"), { className: "sr" });
  told.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  box.form.append(list, told);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list" })) box.setAttribute(name, value);
  let asked = "", timer = 0;

  const options = () => [...list.children];
  const current = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  function close() {
    list.hidden = true;
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const all = options();
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    if (all[place]) box.setAttribute("aria-activedescendant", all[place].id);
    else box.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    asked = box.value;
    const wanted = asked.trim();
    if (wanted.length < 2) { close(); return; }
    const answer = await fetch(`${suggestions}?q=${encodeURIComponent(asked)}`).catch(() => null);
    if (!answer?.ok) return;
    const text = await answer.text();
    if (box.value !== asked || document.activeElement !== box) return;
    list.innerHTML = text;
    options().forEach((option, at) => { option.id = `${list.id}-${at}`; });
    const count = options().length;
    list.hidden = !count;
    box.setAttribute("aria-expanded", String(Boolean(count)));
    box.removeAttribute("aria-activedescendant");
    told.textContent = count === 1 ? one : count ? `${count} ${many}` : "";
  }

  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  box.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
  box.addEventListener("keydown", (event) => {
    const count = options().length;
    if (!count) return;
    const at = current();
    if (event.key === "ArrowDown") choose((at + 1) % count);
    else if (event.key === "ArrowUp") choose((at <= 0 ? count : at) - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) location.assign(options()[at].dataset.href);
    else return;
    event.preventDefault();
  });
}

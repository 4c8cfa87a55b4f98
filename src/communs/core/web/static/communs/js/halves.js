/* A date of which a part is missing is sent as nothing at all: forms that the server checks say so
   before they leave. Without this script an empty date is read again on the next page. */
const { half } = document.querySelector("script[data-half]").dataset;

function undone(form) {
  return [...form.elements].find((field) => field.validity?.badInput);
}

document.addEventListener("input", ({ target }) => target.setCustomValidity?.(""));
document.addEventListener("submit", (event) => {
  const field = event.submitter?.formNoValidate ? null : undone(event.target);
  if (!field) return;
  event.preventDefault();
  field.setCustomValidity(half);
  field.reportValidity();
  field.focus();
}, true);

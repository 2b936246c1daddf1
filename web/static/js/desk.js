// Officials' pages from the keyboard: / ? j k Enter.
const search = document.getElementById("desk-search");
const help = document.getElementById("keyboard-help");
let chosen = -1;

const keys = {
  "/": () => search?.focus(),
  "?": () => help?.showModal(),
  j: () => choose(1),
  k: () => choose(-1),
  Enter: () => rows()[chosen]?.querySelector("a")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help?.open) return;
  if (event.key === "Enter" && event.target !== document.body) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function rows() {
  return [...document.querySelectorAll("[data-row]")];
}

function choose(step) {
  const all = rows();
  if (!all.length) return;
  all[chosen]?.classList.remove("is-chosen");
  chosen = Math.min(Math.max(chosen + step, 0), all.length - 1);
  all[chosen].classList.add("is-chosen");
  all[chosen].scrollIntoView({ block: "nearest" });
}

function isTyping(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}

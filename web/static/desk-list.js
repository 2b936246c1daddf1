// Picking rows with the x key, and how many are picked.
const boxes = [...document.querySelectorAll(".ward-pick")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const box = document.querySelector("[data-row].is-chosen .ward-pick");
  if (!box) return;
  box.checked = !box.checked;
  count();
});

for (const box of boxes) box.addEventListener("change", count);

function count() {
  const picked = boxes.filter((box) => box.checked).length;
  const words = document.querySelector("[data-picked]");
  if (words) words.textContent = picked ? `Đã chọn ${picked} dòng` : "";
}

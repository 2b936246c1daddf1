// Photos before they travel: shrunk to 1600 px, shown, removable, droppable. A 5 MB photo becomes 300 KB.
// Shrinking drops the photo's EXIF, so its place is read first and offered to the form.
import { placeOf } from "./photo-place.js";

const LONGEST = 1600;
const QUALITY = 0.85;

for (const box of document.querySelectorAll("[data-photos]")) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-photos-list]");
  const state = box.querySelector("[data-photos-state]");
  const most = Number(box.dataset.most);
  const mostBytes = Number(box.dataset.mostBytes);
  const lat = box.querySelector("[data-photos-lat]");
  const lng = box.querySelector("[data-photos-lng]");
  let files = [];
  let placed = null; // the file whose place was offered
  let working = Promise.resolve();
  let busy = 0;

  box.classList.add("ward-photos--live");
  input.after(chooseButton(input));
  input.addEventListener("change", () => add([...input.files]));
  for (const name of ["dragenter", "dragover"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.add("ward-photos--over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    box.addEventListener(name, () => box.classList.remove("ward-photos--over"));
  }
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });

  input.form?.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    state.textContent = "Đang chuẩn bị ảnh, xin đợi giây lát…";
    const button = event.submitter;
    working.then(() => input.form.requestSubmit(button));
  }, true);

  function add(chosen) {
    busy += 1;
    state.textContent = "Đang chuẩn bị ảnh…";
    working = working.then(() => take(chosen)).finally(() => { busy -= 1; });
  }

  async function take(chosen) {
    const refused = [];
    for (const file of chosen) {
      if (files.length >= most) {
        refused.push(`${file.name} (đã đủ ${most} tệp)`);
        continue;
      }
      const place = await placeOf(file).catch(() => null);
      const ready = await shrink(file).catch(() => file);
      if (ready.size > mostBytes) {
        refused.push(`${file.name} (quá ${mostBytes / 1e6} MB)`);
        continue;
      }
      files.push(ready);
      if (place && !placed) offerPlace(place, ready);
    }
    show();
    state.textContent = [
      files.length ? `Đã chọn ${files.length} tệp.` : "",
      refused.length ? `Không nhận: ${refused.join(", ")}.` : "",
    ].join(" ").trim();
  }

  function show() {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...files.map(item));
    list.hidden = !files.length;
  }

  function item(file, index) {
    const li = document.createElement("li");
    li.className = "ward-photos__item";
    li.append(picture(file, index), removeButton(file, index));
    return li;
  }

  function picture(file, index) {
    if (file.type !== "image/jpeg" && file.type !== "image/png" && file.type !== "image/webp") {
      const words = document.createElement("span");
      words.className = "ward-photos__file";
      words.textContent = file.name;
      return words;
    }
    const image = document.createElement("img");
    image.className = "ward-photos__image";
    image.src = URL.createObjectURL(file);
    image.alt = `Ảnh ${index + 1}: ${file.name}`;
    return image;
  }

  function removeButton(file, index) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = "Bỏ ";
    const which = document.createElement("span");
    which.className = "govuk-visually-hidden";
    which.textContent = `tệp ${index + 1}: ${file.name}`;
    button.append(which);
    button.addEventListener("click", () => {
      files = files.filter((other) => other !== file);
      if (file === placed) [lat.value, lng.value, placed] = ["", "", null];
      show();
      state.textContent = `Đã bỏ ${file.name}. Còn ${files.length} tệp.`;
      (list.querySelector("button") ?? input).focus();
    });
    return button;
  }

  function offerPlace(place, file) {
    placed = file;
    [lat.value, lng.value] = [place.lat, place.lng];
    box.dispatchEvent(new CustomEvent("photo-place", { bubbles: true, detail: place }));
  }
}

// The browser's own button speaks the phone's language; this one speaks Vietnamese.
function chooseButton(input) {
  const label = document.createElement("label");
  label.htmlFor = input.id;
  label.className = "govuk-button govuk-button--secondary ward-photos__choose";
  label.textContent = "Chụp hoặc chọn ảnh";
  return label;
}

async function shrink(file) {
  if (!file.type.startsWith("image/") || file.type === "image/gif") return file;
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

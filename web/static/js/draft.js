// Keeps the words of a form on this device until they have arrived: a dropped connection loses nothing.
// Never kept: files, hidden fields, passwords, and who the person is (fields with autocomplete).
const DAY = 24 * 60 * 60 * 1000;
const key = (name) => `draft:${name}`;

for (const sent of document.querySelectorAll("[data-draft-sent]")) {
  quietly(() => localStorage.removeItem(key(sent.dataset.draftSent)));
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const name = key(form.dataset.draft);
  const notice = form.querySelector("[data-draft-notice]");
  const fields = [...form.elements].filter(isKept);

  const saved = quietly(() => JSON.parse(localStorage.getItem(name)));
  if (saved && Date.now() - saved.at < DAY) restore(saved);

  form.addEventListener("input", () => {
    const words = {};
    for (const field of fields) if (field.value) words[field.name] = field.value;
    quietly(() => localStorage.setItem(name, JSON.stringify({ at: Date.now(), words })));
  });

  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say("Đang mất kết nối mạng. Nội dung vẫn được giữ trên máy này; khi có mạng, Ông/Bà bấm gửi lại.");
    notice?.scrollIntoView({ block: "center" });
  }, true);

  function restore({ at, words }) {
    let restored = 0;
    for (const field of fields) {
      if (field.value || !words[field.name]) continue;
      field.value = words[field.name];
      restored += 1;
    }
    if (!restored) return;
    const hour = new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    const clear = document.createElement("button");
    clear.type = "button";
    clear.textContent = "Xóa, viết lại từ đầu";
    clear.addEventListener("click", () => {
      quietly(() => localStorage.removeItem(name));
      for (const field of fields) if (field.value === words[field.name]) field.value = "";
      say("Đã xóa nội dung viết dở.");
      fields[0]?.focus();
    });
    say(`Đã mở lại nội dung Ông/Bà viết dở lúc ${hour}. `);
    notice?.append(clear);
  }

  function say(sentence) {
    if (notice) notice.textContent = sentence;
  }
}

function isKept(field) {
  if (!field.name || field.autocomplete) return false;
  return field.matches("textarea, input[type=text]");
}

function quietly(act) {
  try {
    return act();
  } catch {
    return null; // private browsing, a full disk: the form works without a draft
  }
}

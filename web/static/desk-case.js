// One case: ready phrases, the keys t and g, and a draft that saves itself while it is written.
const editor = document.querySelector("form[data-autosave]");
const text = editor?.elements.text;
const IDLE = 5000;

for (const button of document.querySelectorAll("[data-phrase]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const phrase = document.getElementById(button.dataset.phrase).textContent.trim();
    const before = text.value.slice(0, text.selectionStart);
    const gap = before && !before.endsWith("\n") ? "\n" : "";
    text.setRangeText(gap + phrase, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const keys = {
  t: () => text?.focus(),
  g: () => {
    const note = document.getElementById("step-note");
    if (!note) return;
    note.open = true;
    note.querySelector("textarea").focus();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

if (editor) {
  const state = editor.querySelector("[data-autosave-state]");
  let saved = text.value;
  let timer = 0;
  let isStopped = false;

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, IDLE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  editor.addEventListener("submit", () => {
    isStopped = true; // a late saving must not overtake what was sent
    clearTimeout(timer);
  });

  async function save() {
    clearTimeout(timer);
    if (isStopped || !text.value.trim() || text.value === saved) return;
    const sent = text.value;
    let answer;
    try {
      answer = await fetch(editor.dataset.autosave, {
        method: "POST",
        body: new FormData(editor),
        headers: { Accept: "application/json" },
        keepalive: true,
      });
    } catch {
      say("Mất kết nối mạng. Nội dung vẫn được giữ trên máy này.");
      return;
    }
    if (answer.ok) {
      saved = sent;
      const { version } = await answer.json();
      for (const field of document.querySelectorAll("input[name=version]")) field.value = version;
      const now = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
      say(`Đã tự lưu bản thảo lúc ${now}.`);
    } else {
      isStopped = true;
      say(
        answer.status === 409
          ? "Có người khác vừa cập nhật hồ sơ này. Nội dung vẫn còn ở đây; bấm “Lưu bản thảo” để xem cả hai bản."
          : "Chưa tự lưu được. Nội dung vẫn được giữ trên máy này; bấm “Lưu bản thảo”.",
      );
    }
  }

  function say(sentence) {
    state.textContent = sentence;
  }
}

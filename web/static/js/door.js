// The door's list: every act is kept on the device until the server has answered it, so a lost connection
// loses nothing, and its key lets the server count it once however often it is sent.
const door = document.getElementById("door");
const storage = `door-${door.dataset.door}`;
const codes = new Set(door.dataset.codes.split(" ").filter(Boolean));
const verdict = door.querySelector("[data-verdict]");
const waitingLine = door.querySelector("[data-queue]");
const token = door.querySelector("[name=csrf_token]").value;
let acts = JSON.parse(localStorage.getItem(storage) ?? "[]");
let isSending = false;

for (const form of door.querySelectorAll("[data-door-form]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = Object.fromEntries(new FormData(form));
    delete typed.csrf_token;
    if (!typed.code?.trim() && !typed.name?.trim()) return;
    keep({ ...typed, key: newKey(), at: new Date().toISOString() });
    form.reset();
    form.querySelector("input:not([type=hidden])").focus();
  });
}

function newKey() {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}

function keep(act) {
  acts.push(act);
  save();
  send(act.key);
}

function save() {
  localStorage.setItem(storage, JSON.stringify(acts));
  waitingLine.hidden = !acts.length;
  waitingLine.textContent = acts.length ? `${acts.length} lượt đang chờ mạng` : "";
}

async function send(latest) {
  if (isSending || !acts.length) return;
  isSending = true;
  const sent = acts.slice(0, 200);
  try {
    const answer = await fetch(door.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(sent),
      signal: AbortSignal.timeout?.(8000),
    });
    if (!answer.ok) throw new Error(answer.status);
    const { verdicts, inside, waiting } = await answer.json();
    acts = acts.filter((act) => !(act.key in verdicts));
    door.querySelector("[data-inside]").textContent = inside;
    door.querySelector("[data-waiting]").textContent = waiting;
    const shown = verdicts[latest] ?? verdicts[sent.at(-1).key];
    show(shown.verdict, `${shown.words}${shown.name ? `: ${shown.name}` : ""}${shown.people > 1 ? ` (${shown.people} người)` : ""}`);
  } catch {
    offline(sent.find((act) => act.key === latest));
  }
  save();
  isSending = false;
}

function offline(act) {
  if (!act) return;
  const code = (act.code ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (act.name || codes.has(code)) show("in", "Mất mạng, đã ghi lại: mời vào");
  else show("waiting", "Mất mạng: chưa tra được mã này, đã ghi lại");
}

function show(kind, words) {
  const tone = { in: "", already: "wait", waiting: "wait" }[kind] ?? "no";
  verdict.className = `ward-door__verdict${tone ? ` ward-door__verdict--${tone}` : ""}`;
  verdict.textContent = words;
}

// The telephone's camera reads the code where the browser knows how; elsewhere it is typed.
const scan = door.querySelector("[data-scan]");
const video = door.querySelector("[data-camera]");
let camera = null;

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  scan.hidden = false;
  scan.addEventListener("click", () => (camera ? stopScanning() : startScanning()));
}

async function startScanning() {
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    show("no", "Không mở được máy ảnh, xin gõ mã");
    return;
  }
  video.hidden = false;
  video.srcObject = camera;
  await video.play();
  scan.textContent = "Thôi quét";
  look(new BarcodeDetector({ formats: ["qr_code"] }), "");
}

function stopScanning() {
  camera?.getTracks().forEach((track) => track.stop());
  camera = null;
  video.hidden = true;
  scan.textContent = "Quét mã vuông";
}

async function look(detector, before) {
  if (!camera) return;
  const found = await detector.detect(video).catch(() => []);
  const code = found[0]?.rawValue ?? "";
  if (code && code !== before) keep({ code, key: newKey(), at: new Date().toISOString() });
  setTimeout(() => look(detector, code || before), 300); // the same code held up is read once
}

save();
send();
setInterval(() => send(), 5000);
addEventListener("online", () => send());

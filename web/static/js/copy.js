// Copies a text into the clipboard, where the browser allows it.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      document.execCommand("copy"); // no clipboard over plain http
    }
    button.textContent = "Đã chép";
    setTimeout(() => { button.textContent = words; }, 3000);
  });
}

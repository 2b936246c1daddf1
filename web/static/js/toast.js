// Counts down to the moment when an undo comes too late, then hides the offer.
for (const toast of document.querySelectorAll("[data-undo-until]")) {
  const until = Number(toast.dataset.undoUntil) * 1000;
  const left = toast.querySelector("[data-undo-left]");
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) {
      toast.hidden = true;
      clearInterval(timer);
    } else {
      left.textContent = `(còn ${seconds} giây)`;
    }
  };
  left.setAttribute("aria-hidden", "true"); // a screen reader need not hear every second
  const timer = setInterval(tick, 1000);
  tick();
}

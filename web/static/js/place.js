// The resident's place, only when asked for. Also offers the place kept inside a photo.
const REFUSED = {
  1: "Điện thoại chưa cho phép lấy vị trí. Ông/Bà ghi địa chỉ vào ô bên trên là được.",
  2: "Chưa tìm được vị trí. Ông/Bà ghi địa chỉ vào ô bên trên là được.",
  3: "Tìm vị trí quá lâu. Ông/Bà thử lại hoặc ghi địa chỉ vào ô bên trên.",
};

for (const box of document.querySelectorAll("[data-place]")) {
  const part = (name) => box.querySelector(`[data-place-${name}]`);
  const take = part("take"), drop = part("drop"), state = part("state");

  const set = (lat, lng, sentence) => {
    part("lat").value = lat;
    part("lng").value = lng;
    state.textContent = sentence;
    drop.hidden = !lat;
    take.hidden = Boolean(lat);
  };

  take.addEventListener("click", () => {
    state.textContent = "Đang tìm vị trí…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => set(
        coords.latitude.toFixed(6), coords.longitude.toFixed(6),
        `Đã lấy vị trí, sai số khoảng ${Math.round(coords.accuracy)} m.`,
      ),
      (error) => { state.textContent = REFUSED[error.code] ?? REFUSED[2]; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
  drop.addEventListener("click", () => {
    set("", "", "Đã bỏ vị trí.");
    take.focus();
  });
  box.closest("form")?.addEventListener("photo-place", ({ detail }) => {
    if (!part("lat").value) set(detail.lat, detail.lng, "Đã lấy vị trí ghi trong ảnh.");
  });

  take.hidden = !("geolocation" in navigator);
  if (part("lat").value) set(part("lat").value, part("lng").value, "Đã có vị trí.");
  box.hidden = false;
}

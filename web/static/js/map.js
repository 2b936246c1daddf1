// Points on a map. Without a tile server they stand on a plain ground with a scale.
/* global L */
const CLOSE_UP = 17;

for (const box of document.querySelectorAll("[data-map]")) {
  const points = JSON.parse(box.dataset.points);
  const map = L.map(box, { zoomControl: false, scrollWheelZoom: false });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: "Phóng to", zoomOutTitle: "Thu nhỏ" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit, maxZoom: 19 }).addTo(map);
  }
  for (const point of points) {
    L.circleMarker([point.lat, point.lng], {
      radius: 10, color: "#fff", weight: 2, fillColor: "#a4161a", fillOpacity: 1,
    }).bindPopup(words(point)).addTo(map);
  }
  map.fitBounds(L.latLngBounds(points.map(({ lat, lng }) => [lat, lng])), {
    maxZoom: CLOSE_UP, padding: [24, 24],
  });
}

function words({ words, href }) {
  const element = document.createElement(href ? "a" : "span");
  if (href) element.href = href;
  element.textContent = words;
  return element;
}

// Where a JPEG says it was taken: {lat, lng} in degrees with six decimals, or null.
// Layout of the file: EXIF 2.3 inside the APP1 segment, a TIFF with its GPS directory behind tag 0x8825.
const EXIF = 0x45786966;
const GPS_DIRECTORY = 0x8825;
const LAT_REF = 1, LAT = 2, LON_REF = 3, LON = 4;

export async function placeOf(file) {
  if (file.type !== "image/jpeg") return null;
  const view = new DataView(await file.slice(0, 128 * 1024).arrayBuffer());
  const tiff = tiffStart(view);
  return tiff === null ? null : readPlace(view, tiff);
}

function tiffStart(view) {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at) !== 0xff) return null;
    if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === EXIF) return at + 10;
  }
  return null;
}

function readPlace(view, tiff) {
  const little = view.getUint16(tiff) === 0x4949;
  const u16 = (at) => view.getUint16(tiff + at, little);
  const u32 = (at) => view.getUint32(tiff + at, little);
  const directory = (at) => {
    const entries = new Map();
    for (let i = 0; i < u16(at); i += 1) entries.set(u16(at + 2 + i * 12), at + 2 + i * 12 + 8);
    return entries;
  };
  const degrees = (at) => {
    const [d, m, s] = [0, 8, 16].map((step) => u32(at + step) / (u32(at + step + 4) || 1));
    return d + m / 60 + s / 3600;
  };
  const pointer = directory(u32(4)).get(GPS_DIRECTORY);
  if (pointer === undefined) return null;
  const gps = directory(u32(pointer));
  if (!gps.has(LAT) || !gps.has(LON)) return null;
  const letter = (tag) => gps.has(tag) && String.fromCharCode(view.getUint8(tiff + gps.get(tag)));
  const lat = degrees(u32(gps.get(LAT))) * (letter(LAT_REF) === "S" ? -1 : 1);
  const lng = degrees(u32(gps.get(LON))) * (letter(LON_REF) === "W" ? -1 : 1);
  if (!lat && !lng) return null; // what cameras write when they have no fix
  return { lat: lat.toFixed(6), lng: lng.toFixed(6) };
}
